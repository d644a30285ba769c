"""What each face's database login can't do, whatever its process says or sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Account, Session
from core.db.session import session_secret
from tests.accounts.people import PARK, PASSWORD, SONG, Member, citizen, officer, sign_in
from tests.support.database import AsRole
from tests.support.faces import FaceClient

CLOSED = [
    "accounts_vaultrecord",
    "accounts_session",
    "accounts_officer",
    "accounts_rolegrant",
    "accounts_relative",
    "accounts_mailrequest",
    "accounts_identityreturn",
    "accounts_claim",
    "accounts_attempt",
    "accounts_pepper",
    "otp_static_statictoken",
    "otp_static_staticdevice",
]


def ask(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(arguments))
        return list(cursor.fetchall())


def secret_of(client: FaceClient) -> str:
    return str(client.cookies[client.settings.get("SESSION_COOKIE_NAME", "sessionid")].value)


@pytest.fixture
def two(as_role: AsRole) -> Callable[[], tuple[Member, FaceClient, Member, FaceClient]]:
    def make() -> tuple[Member, FaceClient, Member, FaceClient]:
        park, song = citizen("park@example.com", PARK), citizen("song@example.com", SONG)
        clients = FaceClient("public", as_role), FaceClient("public", as_role)
        sign_in(clients[0], park)
        sign_in(clients[1], song)
        return park, clients[0], song, clients[1]

    return make


@pytest.mark.parametrize("table", CLOSED)
@pytest.mark.parametrize("face", ["public", "intake"])
def test_these_tables_are_closed_to_strangers_faces(as_role: AsRole, face: str, table: str) -> None:
    with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
        ask(f"SELECT * FROM {table}")


@pytest.mark.parametrize("table", ["accounts_vaultrecord", "accounts_session", "accounts_pepper", "accounts_attempt"])
def test_the_office_reads_neither_vault_nor_sessions(as_role: AsRole, table: str) -> None:
    with as_role("office"), pytest.raises(DatabaseError, match="permission denied"):
        ask(f"SELECT * FROM {table}")


@pytest.mark.parametrize("face", ["public", "office", "intake"])
def test_no_face_reads_a_password_hash(as_role: AsRole, face: str) -> None:
    with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
        ask("SELECT password FROM accounts_account")


def test_without_a_session_the_public_login_sees_nobody(as_role: AsRole) -> None:
    citizen("park@example.com", PARK)
    with as_role("public"):
        assert ask("SELECT id FROM accounts_account") == []
        assert ask("SELECT id FROM accounts_taxpayer") == []


def test_two_people_over_one_connection_see_only_their_own(
    as_role: AsRole, two: Callable[[], tuple[Member, FaceClient, Member, FaceClient]]
) -> None:
    park, first, song, second = two()
    with as_role("public"):
        for member, client in ((park, first), (song, second), (park, first)):
            with session_secret(secret_of(client)), transaction.atomic():
                assert ask("SELECT id FROM accounts_account") == [(member.account,)]
                assert ask("SELECT id FROM accounts_taxpayer") == [(member.taxpayer,)]
        assert ask("SELECT id FROM accounts_account") == []


def test_naming_somebody_is_not_being_them(
    as_role: AsRole, two: Callable[[], tuple[Member, FaceClient, Member, FaceClient]]
) -> None:
    park, _, _, _ = two()
    hashed = Session.objects.get(account_id=park.account).key_hash
    with as_role("public"):
        for guess in (str(park.account), hashed, "", "x" * 43, str(park.taxpayer)):
            with session_secret(guess), transaction.atomic():
                assert ask("SELECT id FROM accounts_account") == []
                assert ask("SELECT accounts_session_taxpayers()") == [([],)]


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE accounts_account SET assurance = 2",
        "UPDATE accounts_account SET taxpayer_id = 1",
        "INSERT INTO accounts_account (kind, assurance, is_active, password) VALUES ('citizen', 2, true, '')",
        "INSERT INTO accounts_authority (kind, principal_id, agent_id, starts_on, reason, recorded_by_id)"
        " VALUES ('heir', 1, 2, '2026-01-01', 'x', 1)",
        "UPDATE accounts_taxpayer SET name = 'x'",
        "SELECT accounts_bind_session(1, false, '', repeat('x', 40), '', '')",
        "SELECT accounts_suspend(1, true)",
        "SELECT accounts_take_away_generator(1)",
        "SELECT accounts_next_step(1)",
        "SELECT accounts_invented_salt('x')",
        "SET ROLE etax_owner",
        "SET SESSION AUTHORIZATION etax_office",
    ],
)
def test_the_public_login_promotes_nobody(as_role: AsRole, attempt: str) -> None:
    with as_role("public"), pytest.raises(DatabaseError, match="permission denied"):
        ask(attempt)


def test_a_person_signed_in_at_the_public_site_is_nobody_at_the_office(
    as_role: AsRole, public_client: FaceClient
) -> None:
    sign_in(public_client, citizen("park@example.com", PARK))
    with as_role("office"), session_secret(secret_of(public_client)), transaction.atomic():
        assert ask("SELECT accounts_session_account()") == [(None,)]


def test_an_officers_generator_is_out_of_the_public_logins_sight(as_role: AsRole, office_client: FaceClient) -> None:
    member = officer("kim@example.com")
    sign_in(office_client, member)
    with as_role("public"), session_secret(secret_of(office_client)), transaction.atomic():
        assert ask("SELECT key FROM otp_totp_totpdevice") == []
    with as_role("office"), session_secret(secret_of(office_client)), transaction.atomic():
        assert len(ask("SELECT key FROM otp_totp_totpdevice")) == 1
    with as_role("office"), transaction.atomic():
        assert ask("SELECT key FROM otp_totp_totpdevice") == []


def test_before_the_code_a_session_opens_only_its_own_generator(as_role: AsRole, office_client: FaceClient) -> None:
    member = officer("kim@example.com")
    office_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    with as_role("office"), session_secret(secret_of(office_client)), transaction.atomic():
        assert ask("SELECT accounts_session_account()") == [(None,)]
        assert ask("SELECT user_id FROM otp_totp_totpdevice") == [(member.account,)]


def test_an_address_that_nobody_has_gets_a_salt_that_stays(as_role: AsRole) -> None:
    citizen("park@example.com")
    with as_role("public"):
        asked = "SELECT accounts_password_parameters(%s, 'argon2$argon2id$v=19$m=64,t=1,p=1')"
        known, unknown = ask(asked, "park@example.com"), ask(asked, "nobody@example.com")
        assert unknown == ask(asked, "nobody@example.com") != ask(asked, "somebody@example.com")
    assert [len(part) for part in known[0][0].split("$")] == [len(part) for part in unknown[0][0].split("$")]


OFFER = "SELECT accounts_offer_proof('park@example.com', %s, '')"
OPEN = "SELECT accounts_open_session(%s, 'park@example.com', %s, '', repeat('s', 43), '', '')"


def test_guessing_is_slowed_down_in_the_database_itself(as_role: AsRole) -> None:
    citizen("park@example.com")
    with as_role("public"):
        offers = [ask(OFFER, "x")[0][0] for _ in range(31)]
        assert None not in offers[:30]
        assert offers[30] is None
        assert ask(OPEN, offers[29], "x") == [("later",)]


def test_a_guess_that_is_taken_back_is_not_answered(as_role: AsRole) -> None:
    """A face that was taken may roll back as it likes: only what is committed, and so counted, gets an answer."""
    citizen("park@example.com")
    with as_role("public"):
        with pytest.raises(DatabaseError, match="once it is committed"), transaction.atomic():
            ask(OPEN, ask(OFFER, "x")[0][0], "x")
        offer = ask(OFFER, "x")[0][0]
        assert ask(OPEN, offer, "another") == [("later",)]
        assert ask(OPEN, offer, "x") == [("wrong",)]


@pytest.mark.parametrize(
    "costs", ["m=9999999,t=3,p=4", "m=102400,t=99,p=4", "m=102400,t=2,p=200", "m=-1,t=2,p=8", "m=1e9,t=2,p=8"]
)
def test_a_password_that_would_keep_the_processor_busy_is_not_kept(as_role: AsRole, costs: str) -> None:
    member = citizen("park@example.com")
    client = FaceClient("public", as_role)
    sign_in(client, member)
    present = Account.objects.get(pk=member.account).password
    fresh = f"argon2$argon2id$v=19${costs}$" + "c2FsdHNhbHRzYWx0" + "$" + "x" * 43
    with as_role("public"), session_secret(secret_of(client)), transaction.atomic():
        assert ask("SELECT accounts_change_password(%s, %s)", present, fresh) == [(False,)]
        assert ask("SELECT accounts_renew_hash(%s, %s)", present, fresh) == [(False,)]
    assert Account.objects.get(pk=member.account).password == present


def test_officers_pages_are_not_among_the_public_addresses(public_client: FaceClient) -> None:
    for path in ("/officers/", "/officers/1/", "/taxpayers/1/", "/authorities/new/", "/account/relatives/"):
        assert public_client.get(path).status_code == 404


@pytest.mark.parametrize("face", ["public", "intake"])
@pytest.mark.parametrize("table", ["axes_accessattempt", "otp_totp_totpdevice", "core_event", "core_turn"])
def test_a_strangers_face_locks_no_table_and_takes_no_jobs_turn(as_role: AsRole, face: str, table: str) -> None:
    for statement in (f"LOCK TABLE {table}", f"LOCK TABLE {table} IN SHARE MODE", "SELECT core_take_turn('seal')"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ask(statement)


def test_visitors_sessions_are_small_and_not_without_number(as_role: AsRole) -> None:
    keep = "SELECT accounts_save_session(%s, %s, '', '')"
    with as_role("public"), pytest.raises(DatabaseError, match="no more visitors"):
        ask(keep, "s" * 43, "x" * 5000)
    with as_role("public"):
        ask(keep, "s" * 43, "x" * 4000)
    with as_role("public"), pytest.raises(DatabaseError, match="no more visitors"):
        ask(keep, "s" * 43, "x" * 5000)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_session (key_hash, face, expires_at, address, agent) "
            "SELECT n::text, 'public', now() + interval '1 hour', '', '' FROM generate_series(1, 12000) AS n"
        )
    with as_role("public"), pytest.raises(DatabaseError, match="no more visitors"):
        ask(keep, "t" * 43, "")
    with as_role("public"):
        ask(keep, "s" * 43, "still here")


def test_a_visitor_is_told_when_there_are_too_many(public_client: FaceClient) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_session (key_hash, face, expires_at, address, agent) "
            "SELECT n::text, 'public', now() + interval '1 hour', '', '' FROM generate_series(1, 12000) AS n"
        )
    answer = public_client.post("/sign-in/identity/", headers={"Accept-Language": "en"})
    assert answer.status_code < 500
    assert Session.objects.count() == 12_000
