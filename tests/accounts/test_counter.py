"""What a clerk records at the counter: moves, newcomers, co-owners, a death and heirs; never in one's own file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Assurance, Relation, Role
from accounts.models import Account, Authority, NewTaxpayer, Relative, Session, Share, Taxpayer, TaxpayerAddress
from accounts.services import find_or_create_taxpayers
from core import clock
from core.models import AuditRecord, Event
from tests.accounts.people import PARK, SONG, Member, citizen, officer, sign_in
from tests.accounts.test_records import mine
from tests.support.database import AsRole
from tests.support.faces import FaceClient

WHY = {"reason": "at the counter"}


@pytest.fixture
def clerk(office_client: FaceClient) -> Member:
    member = officer("kim@example.com", Role.COLLECTOR)
    sign_in(office_client, member)
    return member


@pytest.fixture
def people(db: None) -> tuple[int, int]:
    park, song = find_or_create_taxpayers([PARK, SONG])
    return park, song


def test_a_move_is_recorded_and_the_citizen_sees_the_history(
    clerk: Member, people: tuple[int, int], office_client: FaceClient, public_client: FaceClient
) -> None:
    park, _ = people
    for text, day in (("종로구 예시길 1", "2020-01-01"), ("중구 예시길 2", "2025-03-01")):
        done = office_client.post(f"/taxpayers/{park}/address/", {"text": text, "starts_on": day, **WHY})
        assert done.status_code == 302, done.content.decode()
    too_early = {"text": "x", "starts_on": "2025-03-01", **WHY}
    to_come = {"text": "x", "starts_on": "2999-01-01", **WHY}
    for wrong in (too_early, to_come, {**too_early, "reason": ""}):
        assert office_client.post(f"/taxpayers/{park}/address/", wrong).status_code == 422
    assert TaxpayerAddress.objects.count() == 2
    assert AuditRecord.objects.filter(action="accounts.address_moved", actor_id=clerk.account).count() == 2
    sign_in(public_client, citizen("park@example.com", PARK))
    page = public_client.get("/account/").content.decode()
    assert page.index("중구 예시길 2") < page.index("종로구 예시길 1")


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("kind", "number", "recorded"),
    [("business", "120-81-47521", "business"), ("person", "850505-6000000", "foreigner")],
)
def test_a_newcomer_is_recorded_and_the_number_is_in_the_vault_only(
    office_client: FaceClient,
    deliver_events: Callable[[], int],
    kind: str,
    number: str,
    recorded: str,
) -> None:
    form = {"kind": kind, "name": "예시상사", "number": number, "address": "종로구 예시길 3", **WHY}
    wait = office_client.post("/taxpayers/new/", form)["Location"]
    assert office_client.get(wait).headers["Refresh"] == "2"
    deliver_events()
    taxpayer = Taxpayer.objects.get()
    assert office_client.get(wait)["Location"] == f"/taxpayers/{taxpayer.pk}/"
    assert (taxpayer.kind, taxpayer.name) == (recorded, "예시상사")
    assert TaxpayerAddress.objects.get().text == "종로구 예시길 3"
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text FROM accounts_newtaxpayer n")
        assert number.replace("-", "") not in cursor.fetchone()[0]
    again = office_client.post("/taxpayers/new/", {**form, "name": "다른이름"})["Location"]
    deliver_events()
    assert "Refresh" not in office_client.get(again).headers
    assert (Taxpayer.objects.get().name, NewTaxpayer.objects.filter(known=True).count()) == ("예시상사", 1)
    found = office_client.get("/taxpayers/", {"text": "예시상사"}).content.decode()
    assert f"/taxpayers/{taxpayer.pk}/" in found


def test_a_wrong_check_digit_is_told_at_once(clerk: Member, office_client: FaceClient) -> None:
    form = {"kind": "business", "name": "예시상사", "number": "120-81-47522", **WHY}
    assert office_client.post("/taxpayers/new/", form).status_code == 422
    assert not NewTaxpayer.objects.exists()


def test_co_owners_see_the_joint_record_while_they_own_a_part(
    clerk: Member,
    people: tuple[int, int],
    office_client: FaceClient,
    public_client: FaceClient,
    as_role: AsRole,
) -> None:
    park, song = people
    (kang,) = find_or_create_taxpayers([SONG.__class__(name="강나래", resident_number="640101-9111111")])
    form = {"owners": f"{park} 1/3\n{song} 2/3", "starts_on": "2024-05-01", **WHY}
    assert office_client.post("/taxpayers/joint/", form).status_code == 302
    joint = Taxpayer.objects.get(kind="joint")
    assert joint.name == "박승우 외 1인"
    sign_in(public_client, citizen("park@example.com", PARK, Assurance.IDENTITY))
    assert mine(as_role, public_client) == {park, joint.pk}
    page = public_client.get("/account/").content.decode()
    assert "박승우 외 1인" in page
    assert "1/3" in page
    change = {"owners": f"{song} 1/2\n{kang} 1/2", "starts_on": "2025-05-01", **WHY}
    assert office_client.post(f"/taxpayers/{joint.pk}/owners/", change).status_code == 302
    assert mine(as_role, public_client) == {park}
    present = Share.objects.filter(ends_on=None).values_list("owner_id", "numerator", "denominator")
    assert set(present) == {(song, 1, 2), (kang, 1, 2)}
    assert office_client.get(f"/taxpayers/{joint.pk}/").status_code == 200


@pytest.mark.parametrize(
    "owners", ["{0} 1/3\n{1} 1/3", "{0} 1/2\n{1}", "{0}", "{0} 1/2\n{0} 1/2", "{0}\n9999999", "abc"]
)
def test_shares_that_are_not_the_whole_are_refused(
    clerk: Member, people: tuple[int, int], office_client: FaceClient, owners: str
) -> None:
    form = {"owners": owners.format(*people), "starts_on": "2024-05-01", **WHY}
    assert office_client.post("/taxpayers/joint/", form).status_code == 422
    assert not Share.objects.exists()


def test_the_table_itself_refuses_half_a_whole(clerk: Member, people: tuple[int, int]) -> None:
    park, song = people
    facts: dict[str, Any] = {"starts_on": "2024-05-01", "recorded_by_id": clerk.account}
    with pytest.raises(IntegrityError, match="not the whole"), transaction.atomic():
        Share.objects.create(joint_id=park, owner_id=song, numerator=1, denominator=2, **facts)


def test_heirs_see_what_the_deceased_owes_and_nobody_signs_in_as_the_deceased(
    clerk: Member,
    people: tuple[int, int],
    office_client: FaceClient,
    public_client: FaceClient,
    as_role: AsRole,
) -> None:
    park, song = people
    dead = citizen("park@example.com", PARK)
    sign_in(public_client, dead)
    record = f"/taxpayers/{park}/"
    early = office_client.post(f"{record}heirs/", {"heir_id": song, **WHY})
    assert early.status_code == 422
    for wrong in ("1850-01-01", "2999-01-01"):
        assert office_client.post(f"{record}death/", {"died_on": wrong, **WHY}).status_code == 422
    assert office_client.post(f"{record}death/", {"died_on": "1950-05-05", **WHY}).status_code == 302
    told = Event.objects.get(topic="accounts.death_recorded.v1")
    assert told.payload == {"taxpayer_id": park}
    assert not Account.objects.get(pk=dead.account).is_active
    assert not Session.objects.filter(account_id=dead.account).exists()
    assert office_client.post(f"{record}heirs/", {"heir_id": song, **WHY}).status_code == 302
    assert office_client.post(f"{record}heirs/", {"heir_id": song, **WHY}).status_code == 422
    heir = FaceClient("public", as_role)
    sign_in(heir, citizen("song@example.com", SONG, Assurance.IDENTITY))
    assert mine(as_role, heir) == {park, song}
    assert office_client.post(f"{record}death/", {"died_on": "", **WHY}).status_code == 422
    Authority.objects.update(revoked_at=clock.now(), revoked_by_id=clerk.account)
    assert office_client.post(f"{record}death/", {"died_on": "", **WHY}).status_code == 302
    assert Account.objects.get(pk=dead.account).is_active


def test_nobody_changes_the_file_of_a_relative(
    clerk: Member, people: tuple[int, int], office_client: FaceClient
) -> None:
    park, song = people
    Relative.objects.create(officer_id=clerk.account, relation=Relation.SIBLING, name="박승우", taxpayer_id=park)
    address = {"text": "x", "starts_on": "2024-01-01", **WHY}
    joint = {"owners": f"{song}\n{park}", "starts_on": "2024-01-01", **WHY}
    Taxpayer.objects.filter(pk=song).update(died_on="1950-01-01")
    answers = [
        office_client.post(f"/taxpayers/{park}/address/", address),
        office_client.post(f"/taxpayers/{park}/death/", {"died_on": "1950-05-05", **WHY}),
        office_client.post("/taxpayers/joint/", joint),
        office_client.post(f"/taxpayers/{song}/heirs/", {"heir_id": park, **WHY}),
    ]
    assert {answer.status_code for answer in answers} <= {403, 409, 422}
    assert not Share.objects.exists()
    assert not Authority.objects.exists()
    assert not TaxpayerAddress.objects.exists()


def test_a_district_sees_whom_it_deals_with(
    people: tuple[int, int], office_client: FaceClient, deliver_events: Callable[[], int]
) -> None:
    park, song = people
    sign_in(office_client, officer("jung@example.com", Role.ASSESSOR, body="11140"))
    assert office_client.get(f"/taxpayers/{park}/").status_code == 404
    form = {"owners": f"{park}\n{song}", "starts_on": "2024-05-01", **WHY}
    assert office_client.post("/taxpayers/joint/", form).status_code == 422
    for person in (PARK, SONG):
        asked = {"kind": "person", "name": person.name, "number": person.resident_number, **WHY}
        office_client.post("/taxpayers/new/", asked)
    deliver_events()
    assert office_client.get(f"/taxpayers/{park}/").status_code == 200
    assert office_client.post("/taxpayers/joint/", form).status_code == 302
    assert Share.objects.count() == 2


def test_an_auditor_looks_and_changes_nothing(people: tuple[int, int], office_client: FaceClient) -> None:
    sign_in(office_client, officer("lee@example.com", Role.AUDITOR))
    page = office_client.get(f"/taxpayers/{people[0]}/")
    assert page.status_code == 200
    assert "/address/" not in page.content.decode()
    assert office_client.get(f"/taxpayers/{people[0]}/address/").status_code == 403
