"""Whose record an account opens: by a paper bill, and by authority."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from accounts.access import Role
from accounts.enums import Assurance, AuthorityKind
from accounts.models import Account, Authority, Claim, TaxpayerAddress
from accounts.selectors import taxpayers_of
from accounts.services import find_or_create_taxpayers
from accounts.services.addresses import AddressNotLater, move_address
from accounts.services.authorities import AgentUnknown, AuthorityWithoutEnd, record_authority, revoke_authority
from core import clock
from core.db.session import session_secret
from tests.accounts.people import PARK, SONG, citizen, officer, sign_in
from tests.support.database import AsRole
from tests.support.faces import FaceClient

EPAY = "1234567890123456789"
CLAIM = {"name": "박 승우", "number": "690302-9635604", "payment_number": EPAY}


def stands_on_a_bill(*, taxpayer_id: int, payment_number: str) -> bool:
    return payment_number == EPAY


@pytest.fixture
def _bills() -> Any:
    with override_settings(PAPER_BILLS="tests.accounts.test_records.stands_on_a_bill"):
        yield


@pytest.mark.usefixtures("_bills")
@pytest.mark.parametrize(
    ("change", "opened"),
    [
        ({}, True),
        ({"name": "송지준"}, False),
        ({"number": "730715-0866448"}, False),
        ({"payment_number": "1234567890123456780"}, False),
    ],
)
def test_name_number_and_a_secret_of_a_bill_open_the_record_only_together(
    public_client: FaceClient, deliver_events: Callable[[], int], change: dict[str, str], opened: bool
) -> None:
    (park, _) = find_or_create_taxpayers([PARK, SONG])
    member = citizen("park@example.com")
    sign_in(public_client, member)
    answer = public_client.post("/account/claim/", {**CLAIM, **change})
    assert answer["Location"] == "/account/claim/check/"
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM accounts_claim c")
        assert "9635604" not in cursor.fetchone()[0]
    assert public_client.get("/account/claim/check/").headers["Refresh"] == "2"
    deliver_events()
    assert public_client.get("/account/claim/check/").status_code == (302 if opened else 422)
    assert Account.objects.get(pk=member.account).taxpayer_id == (park if opened else None)
    assert bytes(Claim.objects.get().sealed_number) == b""


@pytest.mark.usefixtures("_bills")
def test_a_record_that_somebody_has_is_not_claimed_again(
    public_client: FaceClient, deliver_events: Callable[[], int]
) -> None:
    first = citizen("first@example.com", PARK)
    sign_in(public_client, citizen("second@example.com"))
    public_client.post("/account/claim/", CLAIM)
    deliver_events()
    assert public_client.get("/account/claim/check/").status_code == 422
    assert Account.objects.get(taxpayer__isnull=False).pk == first.account


def test_claims_are_counted(public_client: FaceClient) -> None:
    sign_in(public_client, citizen("park@example.com"))
    answers = [public_client.post("/account/claim/", CLAIM).status_code for _ in range(6)]
    assert answers == [302] * 5 + [422]


def test_what_is_not_a_number_is_told_at_once(public_client: FaceClient) -> None:
    sign_in(public_client, citizen("park@example.com"))
    for change in ({"number": "690230-9635604"}, {"payment_number": "12"}, {"number": "abc"}):
        assert public_client.post("/account/claim/", {**CLAIM, **change}).status_code == 422


def mine(as_role: AsRole, client: FaceClient) -> set[int]:
    secret = client.cookies["sessionid"].value
    with as_role("public"), session_secret(secret), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_session_taxpayers()")
        return set(cursor.fetchone()[0])


def test_an_agent_sees_the_record_while_the_authority_lasts(as_role: AsRole, public_client: FaceClient) -> None:
    clerk = officer("kim@example.com", Role.ASSESSOR)
    agent = citizen("agent@example.com", PARK, Assurance.IDENTITY)
    (song,) = find_or_create_taxpayers([SONG])
    sign_in(public_client, agent)
    today = clock.local_date(clock.now())
    facts: dict[str, Any] = {"principal_id": song, "agent_email": agent.email, "actor_id": clerk.account}
    authority = record_authority(
        kind=AuthorityKind.AGENT, starts_on=today, ends_on=today, reason="letter of today", **facts
    )
    assert mine(as_role, public_client) == {agent.taxpayer, song}
    assert set(taxpayers_of(Account.objects.get(pk=agent.account), at=clock.now())) == {agent.taxpayer, song}
    Authority.objects.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    assert mine(as_role, public_client) == {agent.taxpayer}
    Authority.objects.update(ends_on=today)
    revoke_authority(authority_id=authority, reason="withdrawn", actor_id=clerk.account, at=clock.now())
    assert mine(as_role, public_client) == {agent.taxpayer}


def test_an_authority_is_for_a_verified_person_and_has_an_end(db: None) -> None:
    clerk = officer("kim@example.com", Role.ASSESSOR)
    (song,) = find_or_create_taxpayers([SONG])
    citizen("weak@example.com", PARK)
    facts: dict[str, Any] = {
        "principal_id": song,
        "actor_id": clerk.account,
        "reason": "x",
        "starts_on": date(2026, 1, 1),
    }
    with pytest.raises(AgentUnknown):
        record_authority(kind=AuthorityKind.HEIR, agent_email="weak@example.com", ends_on=None, **facts)
    Account.objects.filter(email="weak@example.com").update(assurance=2)
    with pytest.raises(AuthorityWithoutEnd):
        record_authority(kind=AuthorityKind.AGENT, agent_email="weak@example.com", ends_on=None, **facts)
    record_authority(kind=AuthorityKind.HEIR, agent_email="weak@example.com", ends_on=None, **facts)
    with pytest.raises(IntegrityError, match="accounts_authority_must_end"):
        Authority.objects.update(kind="delegate")


def test_a_clerk_records_and_ends_an_authority_on_the_pages(office_client: FaceClient) -> None:
    sign_in(office_client, officer("kim@example.com", Role.COLLECTOR))
    citizen("agent@example.com", PARK, Assurance.IDENTITY)
    (song,) = find_or_create_taxpayers([SONG])
    form = {
        "kind": "delegate",
        "principal_id": song,
        "agent_email": "agent@example.com",
        "starts_on": "2026-01-01",
        "ends_on": "2099-12-31",
        "reason": "board's letter",
    }
    unknown = office_client.post("/authorities/new/", {**form, "agent_email": "nobody@example.com"})
    assert unknown.status_code == 422
    done = office_client.post("/authorities/new/", form)
    assert done.status_code == 302, done.content.decode()
    assert office_client.get(f"/taxpayers/{song}/").status_code == 200
    authority = Authority.objects.get()
    ended = office_client.post(f"/taxpayers/{song}/authorities/{authority.pk}/end/", {"reason": "over"})
    assert ended.status_code == 302
    assert Authority.objects.get().revoked_reason == "over"


def test_addresses_keep_their_history(db: None) -> None:
    (park,) = find_or_create_taxpayers([PARK])
    move_address(taxpayer_id=park, text="종로구 예시길 1", starts_on=date(2020, 1, 1))
    move_address(taxpayer_id=park, text="중구 예시길 2", starts_on=date(2025, 3, 1))
    with pytest.raises(AddressNotLater):
        move_address(taxpayer_id=park, text="x", starts_on=date(2025, 3, 1))
    days = TaxpayerAddress.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(days) == [(date(2020, 1, 1), date(2025, 3, 1)), (date(2025, 3, 1), None)]
