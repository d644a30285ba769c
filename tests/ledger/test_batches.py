"""Many entries of one act: proved together at commit, also for raw SQL as the worker."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import LevyingBody
from ledger.models import Batch
from ledger.selectors import trial_balance, unbalanced_entries


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    LevyingBody.objects.get_or_create(code="11110", name_ko="종로구", name_en="Jongno-gu", kind="district")


def raw(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def post(reference: str, labels: list[str], places: list[int], amounts: list[int]) -> None:
    raw(
        "SELECT ledger_post_batch('levy', %s, '2026-06-16', now(), '11110', 'receivable', 'revenue', %s, %s, %s, %s)",
        reference,
        labels,
        places,
        ["automobile"] * len(places),
        amounts,
    )


def a_batch() -> int:
    return int(raw("INSERT INTO ledger_batch (kind, reference) VALUES ('levy', 'raw') RETURNING id"))


def bare_entry(batch: int | None, label: str = "raw") -> int:
    """An entry without postings."""
    return int(
        raw(
            "INSERT INTO ledger_journalentry (kind, reference, business_date, occurred_at, batch_id) "
            "VALUES ('raw', %s, '2026-06-16', now(), %s) RETURNING id",
            label,
            batch,
        )
    )


def sides(entry: int) -> None:
    raw(
        "INSERT INTO ledger_posting (entry_id, account_id, amount) "
        "SELECT %s, ledger_account('11110', 'automobile', purpose), amount "
        "FROM (VALUES ('receivable', 5), ('revenue', -5)) AS s(purpose, amount)",
        entry,
    )


def test_a_batch_makes_an_entry_for_each_reference() -> None:
    post("roll:1", ["bill:1", "bill:2"], [1, 1, 2], [1000, 300, 500])
    batch = Batch.objects.get()
    assert (batch.entries, batch.journalentry_set.count()) == (2, 2)
    assert [(line.purpose, line.balance) for line in trial_balance()] == [("receivable", 1800), ("revenue", -1800)]
    assert unbalanced_entries() == []


def test_a_batch_is_posted_once() -> None:
    post("roll:1", ["bill:1"], [1], [1000])
    with pytest.raises(DatabaseError, match="ledger_batch_once"):
        post("roll:1", ["bill:2"], [1], [1000])


def test_an_entry_of_a_batch_that_gets_no_postings_is_refused_at_commit() -> None:
    with pytest.raises(DatabaseError, match="has no postings"):
        post("roll:1", ["bill:1", "bill:2"], [1, 1], [1000, 300])
    with pytest.raises(DatabaseError, match="has no postings"), transaction.atomic():
        bare_entry(a_batch())
    assert not Batch.objects.exists()


def test_proving_the_batch_early_proves_it_again_when_it_grows() -> None:
    with pytest.raises(DatabaseError, match="has no postings"), transaction.atomic():
        batch = a_batch()
        raw("SET CONSTRAINTS ALL IMMEDIATE")
        bare_entry(batch)
    with pytest.raises(DatabaseError, match="has no postings"), transaction.atomic():
        batch = a_batch()
        sides(bare_entry(batch, "first"))
        raw("SET CONSTRAINTS ALL IMMEDIATE")
        raw("SET CONSTRAINTS ALL DEFERRED")
        bare_entry(batch, "second")


def test_a_finished_batch_takes_no_more_entries() -> None:
    post("roll:1", ["bill:1"], [1], [1000])
    with pytest.raises(DatabaseError, match="batch that is not open"):
        bare_entry(Batch.objects.get().pk)
    with pytest.raises(DatabaseError, match="batch that is not open"):
        bare_entry(Batch.objects.get().pk + 1000)


def test_nobody_reopens_or_removes_a_batch() -> None:
    post("roll:1", ["bill:1"], [1], [1000])
    for statement in ("UPDATE ledger_batch SET written_in = 0", "DELETE FROM ledger_batch"):
        with pytest.raises(DatabaseError, match="permission denied"):
            raw(statement)
    with pytest.raises(DatabaseError, match="permission denied"):
        raw("INSERT INTO ledger_batch (kind, reference, written_in) VALUES ('levy', 'later', 9999999)")


def test_a_posting_names_an_entry_and_an_account_that_are_there() -> None:
    with pytest.raises(DatabaseError, match="names journal entry 987654"):
        sides(987654)
    with pytest.raises(DatabaseError, match="names account 987654"), transaction.atomic():
        entry = bare_entry(a_batch())
        raw(
            "INSERT INTO ledger_posting (entry_id, account_id, amount) VALUES (%s, 987654, 5), (%s, 987654, -5)",
            entry,
            entry,
        )
