"""Roles need two, are logged, and change only in the name of who is signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.access import OwnFile, may_see_body, own_file, refuse_own_file
from accounts.enums import Relation, Role
from accounts.models import Relative, RoleGrant
from accounts.selectors import officer_facts
from accounts.services import ask_role, create_officer, end_role, find_or_create_taxpayers, grant_role
from accounts.services.relatives import declare_relative
from accounts.services.roles import GrantIsOver, GrantNeedsAnother, RoleAlreadyHeld
from core import clock
from core.db.session import session_secret
from core.models import LogLeaf
from tests.accounts.people import PARK, SONG, administrators, officer, sign_in
from tests.support.database import AsRole
from tests.support.faces import FaceClient


def roles_of(account: int) -> set[Role]:
    facts = officer_facts(account_id=account)
    return set(facts.roles) if facts else set()


def test_one_administrator_asks_and_another_grants(db: None) -> None:
    first, second = administrators()
    kim = officer("kim@example.com")
    grant = ask_role(officer_id=kim.account, role=Role.ASSESSOR, reason="new", actor_id=first.account, at=clock.now())
    assert roles_of(kim.account) == set()
    with pytest.raises(GrantNeedsAnother):
        grant_role(grant_id=grant, actor_id=first.account, at=clock.now())
    grant_role(grant_id=grant, actor_id=second.account, at=clock.now())
    assert roles_of(kim.account) == {Role.ASSESSOR}
    with pytest.raises(RoleAlreadyHeld):
        ask_role(officer_id=kim.account, role=Role.ASSESSOR, reason="x", actor_id=first.account, at=clock.now())
    end_role(grant_id=grant, reason="left", actor_id=first.account, at=clock.now())
    assert roles_of(kim.account) == set()
    with pytest.raises(GrantIsOver):
        end_role(grant_id=grant, reason="left", actor_id=first.account, at=clock.now())
    changes = [leaf.content["change"] for leaf in LogLeaf.objects.filter(kind="role").order_by("pk")]
    assert changes[-3:] == ["asked", "granted", "ended"]


def test_the_table_itself_refuses_a_role_granted_by_one(db: None) -> None:
    first, _ = administrators()
    kim = officer("kim@example.com")
    with pytest.raises(IntegrityError, match="accounts_role_needs_two"):
        RoleGrant.objects.create(
            officer_id=kim.account, role="assessor", reason="x", asked_by_id=first.account,
            granted_by_id=first.account, granted_at=clock.now(),
        )  # fmt: skip


def test_an_office_process_changes_roles_only_for_the_administrator_who_is_signed_in(
    as_role: AsRole, office_client: FaceClient
) -> None:
    first, second = administrators()
    kim = officer("kim@example.com")
    sign_in(office_client, first)
    asked = {"officer_id": kim.account, "role": "assessor", "reason": "x"}
    secret = office_client.cookies["office_session"].value
    with as_role("office"):
        with pytest.raises(DatabaseError, match="only an administrator"):
            RoleGrant.objects.create(**asked, asked_by_id=first.account)
        with session_secret(secret):
            with pytest.raises(DatabaseError, match="who is signed in"), transaction.atomic():
                RoleGrant.objects.create(**asked, asked_by_id=second.account)
            with transaction.atomic():
                grant = RoleGrant.objects.create(**asked, asked_by_id=first.account)
            with pytest.raises(DatabaseError, match="who is signed in"), transaction.atomic():
                RoleGrant.objects.filter(pk=grant.pk).update(granted_by_id=second.account, granted_at=clock.now())
    assert roles_of(kim.account) == set()


def test_an_office_process_appoints_nobody_without_an_administrator(as_role: AsRole, office_client: FaceClient) -> None:
    sign_in(office_client, officer("kim@example.com", Role.ASSESSOR))
    secret = office_client.cookies["office_session"].value
    with as_role("office"), session_secret(secret), pytest.raises(DatabaseError, match="row-level security"):
        create_officer(email="mine@example.com", name="x", body="11000")


def test_two_administrators_give_a_role_on_the_pages(as_role: AsRole) -> None:
    first, second = administrators()
    kim = officer("kim@example.com", body="11110")
    one, two = FaceClient("office", as_role), FaceClient("office", as_role)
    sign_in(one, first)
    sign_in(two, second)
    asked = one.post(f"/officers/{kim.account}/roles/", {"role": "collector", "reason": "moved here"})
    assert asked.status_code == 302, asked.content.decode()
    grant = RoleGrant.objects.get(officer_id=kim.account)
    assert f"/roles/{grant.pk}/grant/" not in one.get(f"/officers/{kim.account}/").content.decode()
    assert f"/roles/{grant.pk}/grant/" in two.get(f"/officers/{kim.account}/").content.decode()
    assert one.post(f"/officers/{kim.account}/roles/{grant.pk}/grant/").status_code == 409
    assert two.post(f"/officers/{kim.account}/roles/{grant.pk}/grant/").status_code == 302
    assert roles_of(kim.account) == {Role.COLLECTOR}
    assert two.get("/officers/").status_code == 200


def test_pages_are_for_those_who_have_the_role(office_client: FaceClient) -> None:
    sign_in(office_client, officer("kim@example.com", Role.ASSESSOR))
    assert office_client.get("/officers/").status_code == 403
    assert office_client.get("/authorities/new/").status_code == 200


def test_a_suspended_officer_is_out_at_once(as_role: AsRole) -> None:
    first, _ = administrators()
    kim = officer("kim@example.com")
    theirs, ours = FaceClient("office", as_role), FaceClient("office", as_role)
    sign_in(theirs, kim)
    sign_in(ours, first)
    assert ours.post(f"/officers/{kim.account}/suspend/", {"reason": "lost badge"}).status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert ours.post(f"/officers/{first.account}/suspend/", {"reason": "me"}).status_code == 409


def test_a_new_officer_is_appointed_and_gets_a_link(office_client: FaceClient) -> None:
    first, _ = administrators()
    sign_in(office_client, first)
    form: dict[str, Any] = {"name": "이담당", "email": "lee@example.com", "body": "11110"}
    assert office_client.post("/officers/new/", form).status_code == 302
    assert office_client.post("/officers/new/", form).status_code == 422


def test_each_sees_its_own_district_unless_it_is_the_citys(db: None) -> None:
    city = officer_facts(account_id=officer("city@example.com").account)
    district = officer_facts(account_id=officer("gu@example.com", body="11110").account)
    assert city is not None
    assert district is not None
    assert may_see_body(city, "11140")
    assert may_see_body(district, "11110")
    assert not may_see_body(district, "11140")


def test_nobody_touches_their_own_or_a_relatives_file(office_client: FaceClient, deliver_events: Any) -> None:
    park, song = find_or_create_taxpayers([PARK, SONG])
    kim = officer("kim@example.com", Role.ASSESSOR)
    sign_in(office_client, kim)
    form = {"relation": "spouse", "name": "박승우", "number": "690302-9635604"}
    assert office_client.post("/account/relatives/", form).status_code == 302
    deliver_events()
    relative = Relative.objects.get()
    assert (relative.taxpayer_id, relative.sealed_number) == (park, None)
    assert office_client.get(f"/taxpayers/{park}/").status_code == 409
    assert office_client.get(f"/taxpayers/{song}/").status_code == 200
    facts = officer_facts(account_id=kim.account)
    assert facts is not None
    assert not own_file(facts, song)
    with pytest.raises(OwnFile):
        refuse_own_file(facts, park)


def test_a_declared_number_lies_sealed_until_the_worker_finds_the_record(db: None) -> None:
    kim = officer("kim@example.com")
    declare_relative(officer_id=kim.account, relation=Relation.SELF, name="박승우", number="690302-9635604")
    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM accounts_relative r")
        assert "9635604" not in cursor.fetchone()[0]
