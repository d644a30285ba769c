"""What the database itself grants and refuses, read from its catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

# Django's own book-keeping, and lists that say nothing about anybody.
OPEN_TABLES = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


@pytest.fixture(autouse=True)
def _database(db: None) -> None: ...


def test_row_level_security_is_forced_on_every_table() -> None:
    found = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert {name for (name,) in found} - OPEN_TABLES == set()


def test_no_role_may_bypass_row_level_security_or_do_a_superusers_work() -> None:
    found = rows(
        "SELECT rolname FROM pg_roles WHERE rolname IN "
        "('etax_owner', 'etax_public', 'etax_office', 'etax_intake', 'etax_worker') "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    assert found == []


def test_no_face_is_a_member_of_another_role() -> None:
    found = rows(
        "SELECT r.rolname, g.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member "
        "JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname LIKE 'etax\\_%' AND NOT r.rolsuper"
    )
    assert found == []


def test_no_face_owns_anything() -> None:
    found = rows(
        "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
        "WHERE relnamespace = 'public'::regnamespace AND rolname <> 'etax_owner'"
    )
    assert found == []


def test_everybody_may_execute_nothing() -> None:
    found = rows(
        "SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace "
        "AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) a WHERE a.grantee = 0))"
    )
    assert found == []


def test_a_function_with_its_owners_rights_looks_things_up_in_our_schema_only() -> None:
    found = rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef "
        "AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=public, pg_temp']"
    )
    assert found == []


def test_the_public_and_intake_faces_may_delete_and_truncate_nothing() -> None:
    found = rows(
        "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_schema = 'public' AND grantee IN ('etax_public', 'etax_intake') "
        "AND privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES')"
    )
    assert found == []


def test_nobody_may_create_in_the_schema_but_the_owner() -> None:
    for role in ("public", "office", "intake", "worker"):
        assert rows(f"SELECT has_schema_privilege('etax_{role}', 'public', 'CREATE')") == [(False,)]


def test_the_public_and_intake_faces_can_lock_no_table() -> None:
    """LOCK TABLE asks for a right to change on the whole table; theirs are on columns, or inside functions."""
    found = rows(
        "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_schema = 'public' AND grantee IN ('etax_public', 'etax_intake') AND privilege_type = 'UPDATE'"
    )
    assert found == []


def test_each_login_holds_a_part_of_the_connections_and_gives_up_waiting() -> None:
    limits = dict(rows("SELECT rolname, rolconnlimit FROM pg_roles WHERE rolname LIKE 'etax\\_%' AND rolcanlogin"))
    (most,) = rows("SELECT current_setting('max_connections')::integer - 3")[0]
    faces = {f"etax_{face}": limits[f"etax_{face}"] for face in ("public", "office", "intake", "worker")}
    assert min(faces.values()) > 0
    assert sum(faces.values()) <= most
    for face in ("public", "office", "intake"):
        (settings,) = rows(f"SELECT setconfig::text FROM pg_db_role_setting WHERE setrole = 'etax_{face}'::regrole")[0]
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert name in settings


def test_no_lock_that_any_login_may_take_stands_in_the_way_of_jobs() -> None:
    """Advisory locks need no right. Whoever holds a number that others wait for holds them up."""
    found = rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc LIKE '%pg_advisory%'"
    )
    assert found == []
