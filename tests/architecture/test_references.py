"""References that are kept by statement (core/sql/references.sql) are as strong as foreign keys by the row."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models

from tests.support.database import admin_connection

# What keeps a reference: the trigger's own, or a check that looks at more than the parent's presence.
CHECKED_ELSEWHERE = {
    ("ledger_posting", "entry_id"): "check_postings",
    ("ledger_posting", "account_id"): "check_postings",
    ("ledger_journalentry", "batch_id"): "check_entries",
}

# No promises: a session may go while what it asked for is still being checked, and a staged row is only what a bill is
# made of, which is looked at then.
LOOSE = {
    ("accounts_identityreturn", "session_id"),
    ("accounts_claim", "session_id"),
    ("billing_rollrow", "roll_id"),
    ("billing_rollrow", "body_id"),
    ("billing_rollrow", "taxpayer_id"),
}


def without_constraint() -> list[Any]:
    fields: list[tuple[Any, Any]] = [(model, field) for model in apps.get_models() for field in model._meta.fields]
    return [
        field
        for model, field in fields
        if isinstance(field, models.ForeignKey)
        and not getattr(field, "db_constraint", True)
        and (model._meta.db_table, field.column) not in LOOSE
    ]


@pytest.fixture
def triggers(db: None) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        return set(cursor.fetchall())


def test_every_reference_without_a_foreign_key_is_checked_and_fixed(triggers: set[tuple[str, str]]) -> None:
    assert without_constraint()
    for field in without_constraint():
        table, column = field.model._meta.db_table, field.column
        assert (table, CHECKED_ELSEWHERE.get((table, column), f"names_{column}")) in triggers, (table, column)
        assert {(table, f"fixed_{column}"), (table, "append_only")} & triggers, (table, column)


def test_what_such_a_reference_names_is_never_removed(triggers: set[tuple[str, str]]) -> None:
    for parent in {field.related_model._meta.db_table for field in without_constraint()}:
        assert {(parent, "kept"), (parent, "append_only")} & triggers, parent


@pytest.mark.parametrize("table", ["accounts_taxpayer", "accounts_levyingbody", "billing_taxtype", "billing_bill"])
def test_even_the_owner_removes_no_parent_and_gives_it_no_other_key(db: None, table: str) -> None:
    key = "code" if table in {"accounts_levyingbody", "billing_taxtype"} else "id"
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(Exception, match="append-only"):
                admin.execute(statement)
        if admin.execute(f"SELECT FROM {table}").fetchone() is not None:
            other = "'x' || left(md5(code), 4)" if key == "code" else "id + 1000000"
            with pytest.raises(Exception, match="append-only"):
                admin.execute(f"UPDATE {table} SET {key} = {other}")


def test_the_worker_writes_no_line_of_a_bill_that_is_not_there(db: None) -> None:
    with pytest.raises(DatabaseError, match="not in billing_bill"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_billline (bill_id, position, tax_id, amount) VALUES (987654, 1, 'automobile', 10)"
        )


@pytest.mark.parametrize(
    ("column", "value"), [("taxpayer_id", "987654"), ("body_id", "'00000'"), ("tax_id", "'no such tax'")]
)
def test_the_worker_writes_no_bill_of_nobody(db: None, column: str, value: str) -> None:
    values = {"taxpayer_id": "1", "body_id": "'11110'", "tax_id": "'automobile'"} | {column: value}
    with pytest.raises(DatabaseError, match=r"which is not in"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_bill (taxpayer_id, body_id, tax_id, tax_year, term, status, tax_number, epay_number, "
            "roll_ref, object_ref, facts, amount, liability_on, nominal_due_on, due_on, issued_at) VALUES "
            f"({values['taxpayer_id']}, {values['body_id']}, {values['tax_id']}, 2026, 1, 'issued', repeat('0', 31), "
            "repeat('0', 19), 'R-1', 'O-1', '{}', 10, '2026-06-01', '2026-06-30', '2026-06-30', now())"
        )
