"""What the office's database login can't do: nothing without an officer's session, with one only what is theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import Assurance, AuthorityKind, Role
from accounts.models import Account, Authority, Relative, TaxpayerAddress
from accounts.services import find_or_create_taxpayers
from accounts.services.authorities import record_authority
from accounts.services.own_files import OwnFile
from core import audit, clock
from tests.accounts.people import PARK, SONG, at_a_desk, citizen, officer, save_bodies, sign_in
from tests.support.database import AsRole
from tests.support.faces import FaceClient

TODAY = clock.local_date(clock.now())


def ask(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, list(arguments))
        return list(cursor.fetchall()) if cursor.description else []


def changed(query: str, *arguments: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, list(arguments))
        return int(cursor.rowcount)


@pytest.fixture
def park(db: None) -> int:
    """A taxpayer whom Jongno-gu (11110) deals with, with an address and somebody who acts for him."""
    save_bodies()
    park, song = find_or_create_taxpayers([PARK, SONG])
    TaxpayerAddress.objects.create(taxpayer_id=park, text="종로구 예시길 1", starts_on=TODAY)
    ask("SELECT accounts_deal_with(%s::bigint[], '11110')", [park])
    Authority.objects.create(
        kind="heir", principal_id=park, agent_id=song, starts_on=TODAY, reason="x",
        recorded_by_id=officer("clerk@example.com").account,
    )  # fmt: skip
    return park


PEOPLE = [
    "accounts_account", "accounts_taxpayer", "accounts_taxpayeraddress", "accounts_taxpayerbody", "accounts_authority",
    "accounts_officer", "accounts_rolegrant", "accounts_relative", "core_auditrecord",
]  # fmt: skip


def test_without_an_officers_session_the_office_sees_nobody(as_role: AsRole, park: int) -> None:
    officer("kim@example.com", Role.ASSESSOR)
    with as_role("office"):
        for table in PEOPLE:
            assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table


def test_a_district_sees_the_people_it_deals_with_and_who_acts_for_them(as_role: AsRole, park: int) -> None:
    counted = "SELECT count(*) FROM accounts_taxpayer, accounts_taxpayeraddress, accounts_authority"
    with at_a_desk(as_role, Role.ASSESSOR, body="11110"):
        assert ask("SELECT count(*) FROM accounts_taxpayer") == [(2,)]
        assert ask(counted) == [(2,)]
    with at_a_desk(as_role, Role.ASSESSOR, body="11140", email="jung@example.com"):
        for table in ("accounts_taxpayer", "accounts_taxpayeraddress", "accounts_authority", "accounts_taxpayerbody"):
            assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    with at_a_desk(as_role, Role.ASSESSOR, email="city@example.com"):
        assert ask(counted) == [(2,)]


def test_a_citizens_account_is_not_the_offices_to_read(as_role: AsRole, park: int) -> None:
    citizen("park@example.com", PARK, Assurance.IDENTITY)
    with at_a_desk(as_role, Role.ADMINISTRATOR):
        assert ask("SELECT count(*) FROM accounts_account WHERE kind = 'citizen'") == [(0,)]
        assert ask("SELECT accounts_agent_with('park@example.com')") == [(None,)]
        with pytest.raises(DatabaseError, match="permission denied"):
            ask("SELECT * FROM accounts_claim")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accounts_taxpayer (kind, name, email) VALUES ('individual', 'x', '')",
        "INSERT INTO accounts_taxpayeraddress (taxpayer_id, text, starts_on) VALUES (1, 'x', '2026-01-01')",
        "INSERT INTO accounts_relative (officer_id, relation, name, taxpayer_id) VALUES (1, 'self', 'x', 1)",
        "INSERT INTO core_event (topic, payload) VALUES ('payments.settled.v1', '{}')",
        "SELECT core_append_leaf('payment', 'x', '{}')",
        "SELECT accounts_open_record('individual', 'x', NULL, '')",
        "SELECT accounts_deal_with(ARRAY[1], '11110')",
        "SELECT * FROM core_event",
        "SELECT * FROM core_logleaf",
    ],
)
def test_without_an_officers_session_the_office_writes_nothing(as_role: AsRole, park: int, statement: str) -> None:
    with as_role("office"), pytest.raises(DatabaseError, match=r"permission denied|row-level security|are opened by"):
        ask(statement)


def test_without_an_officers_session_nobodys_name_changes(as_role: AsRole, park: int) -> None:
    with as_role("office"):
        assert changed("UPDATE accounts_taxpayer SET name = 'x'") == 0
        assert changed("UPDATE accounts_taxpayeraddress SET text = 'x'") == 0
    with at_a_desk(as_role, Role.AUDITOR):
        assert changed("UPDATE accounts_taxpayer SET name = 'x'") == 0
    with at_a_desk(as_role, Role.COLLECTOR, body="11140", email="jung@example.com"):
        assert changed("UPDATE accounts_taxpayer SET name = 'x'") == 0
    with at_a_desk(as_role, Role.COLLECTOR, body="11110", email="jongno@example.com"):
        assert changed("UPDATE accounts_taxpayer SET name = 'x'") == 2


def test_nobody_touches_a_declared_relatives_file_even_by_raw_sql(as_role: AsRole, park: int) -> None:
    kim = officer("kim@example.com")
    (song,) = find_or_create_taxpayers([SONG])
    address = "INSERT INTO accounts_taxpayeraddress (taxpayer_id, text, starts_on) VALUES (%s, 'x', '2026-01-01')"
    authority = (
        "INSERT INTO accounts_authority (kind, principal_id, agent_id, starts_on, reason, recorded_by_id,"
        " revoked_reason) VALUES ('heir', %s, %s, '2026-01-01', 'x', %s, '')"
    )
    with at_a_desk(as_role, Role.ASSESSOR) as me:
        assert changed("UPDATE accounts_taxpayer SET name = 'x' WHERE id = %s", park) == 1
    Relative.objects.create(officer_id=me.account, relation="sibling", name="x", taxpayer_id=park)
    with at_a_desk(as_role, email=me.email):
        assert changed("UPDATE accounts_taxpayer SET name = 'y' WHERE id = %s", park) == 0
        assert changed("UPDATE accounts_taxpayeraddress SET text = 'y' WHERE taxpayer_id = %s", park) == 0
        assert changed("UPDATE accounts_authority SET revoked_at = now(), revoked_by_id = %s", me.account) == 0
        for statement, values in (
            (address, [park]),
            (authority, [park, song, me.account]),
            (authority, [song, park, me.account]),
            (authority, [song, song, kim.account]),
        ):
            with pytest.raises(DatabaseError, match="row-level security"):
                ask(statement, *values)


def test_an_officer_is_told_that_a_relative_gets_no_authority_from_them(as_role: AsRole, park: int) -> None:
    agent = citizen("agent@example.com", SONG, Assurance.IDENTITY)
    with at_a_desk(as_role, Role.ASSESSOR) as me:
        pass
    Relative.objects.create(officer_id=me.account, relation="spouse", name="x", taxpayer_id=agent.taxpayer)
    with pytest.raises(OwnFile):
        record_authority(
            kind=AuthorityKind.HEIR, principal_id=park, agent_email=agent.email, starts_on=TODAY, ends_on=None,
            reason="x", actor_id=me.account,
        )  # fmt: skip


def test_an_officer_declares_in_their_own_name_only(as_role: AsRole, park: int) -> None:
    other = officer("other@example.com").account
    with at_a_desk(as_role, Role.ADMINISTRATOR), pytest.raises(DatabaseError, match="row-level security"):
        ask(
            "INSERT INTO accounts_relative (officer_id, relation, name, taxpayer_id) VALUES (%s, 'self', 'x', %s)",
            other, park,
        )  # fmt: skip


def test_a_district_reads_of_the_trail_what_concerns_it(as_role: AsRole, park: int) -> None:
    audit.record(action="test.known", subject="x", taxpayer_id=park)
    audit.record(action="test.elsewhere", subject="x")
    read = "SELECT action FROM core_auditrecord WHERE action LIKE 'test.%%' ORDER BY id"
    with at_a_desk(as_role, Role.AUDITOR, body="11110"):
        assert ask(read) == [("test.known",)]
    with at_a_desk(as_role, Role.AUDITOR, email="city@example.com"):
        assert ask(read) == [("test.known",), ("test.elsewhere",)]
    with at_a_desk(as_role, Role.ADMINISTRATOR, email="admin@example.com"):
        assert ask(read) == []


@pytest.mark.parametrize("face", ["public", "office", "intake"])
def test_nobody_leaves_a_record_in_anothers_name(as_role: AsRole, park: int, face: str) -> None:
    somebody = officer("kim@example.com").account
    with as_role(face), pytest.raises(DatabaseError, match="row-level security"):
        audit.record(action="test.forged", subject="x", actor_id=somebody)


def test_a_record_opened_at_a_counter_is_the_districts(as_role: AsRole, park: int) -> None:
    with at_a_desk(as_role, Role.ASSESSOR, body="11140"):
        ((opened,),) = ask("SELECT accounts_open_record('individual', '공유자', NULL, '')")
        assert ask("SELECT id FROM accounts_taxpayer") == [(opened,)]


def test_a_districts_administrator_decides_about_its_own_officers_only(as_role: AsRole, db: None) -> None:
    theirs = officer("city@example.com")
    asked = (
        "INSERT INTO accounts_rolegrant (officer_id, role, reason, asked_by_id, asked_at, ended_reason)"
        " VALUES (%s, 'auditor', 'x', %s, now(), '')"
    )
    with at_a_desk(as_role, Role.ADMINISTRATOR, body="11110") as me:
        with pytest.raises(DatabaseError, match="only an administrator"):
            ask(asked, theirs.account, me.account)
        assert ask("SELECT accounts_suspend(%s, true)", theirs.account) == [(False,)]
        ask(asked, me.account, me.account)
    assert Account.objects.get(pk=theirs.account).is_active


def test_a_districts_administrator_finds_only_its_own_officers_on_the_pages(
    as_role: AsRole, office_client: FaceClient, db: None
) -> None:
    theirs = officer("city@example.com")
    sign_in(office_client, officer("gu@example.com", Role.ADMINISTRATOR, body="11110"))
    page = office_client.get("/officers/").content.decode()
    assert "gu@example.com" in page
    assert "city@example.com" not in page
    assert office_client.get(f"/officers/{theirs.account}/").status_code == 404
    assert "11000" not in office_client.get("/officers/new/").content.decode()
