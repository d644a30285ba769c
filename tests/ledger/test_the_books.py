"""The books refuse what does not balance, and never change: also for raw SQL, as the application's roles."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts.models import LevyingBody
from ledger import selectors
from ledger.services import EntryAlreadyPosted, Posting, Purpose, UnbalancedEntry, post_entry
from tests.support.database import AsRole, admin_connection

AT = datetime(2026, 6, 16, 3, 0, tzinfo=UTC)
DAY = date(2026, 6, 16)


def levy(reference: str, amount: int = 119_820, day: date = DAY) -> int:
    return post_entry(
        kind="levy",
        reference=reference,
        business_date=day,
        occurred_at=AT,
        postings=[
            Posting("11110", "automobile", Purpose.RECEIVABLE, amount),
            Posting("11110", "automobile", Purpose.REVENUE, -amount),
        ],
    )


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    LevyingBody.objects.get_or_create(code="11110", name_ko="종로구", name_en="Jongno-gu", kind="district")


def raw(statement: str, *values: Any) -> list[Any]:
    """Run SQL as whoever is signed in and commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def an_account() -> int:
    return int(raw("SELECT ledger_account('11110', 'automobile', 'receivable')")[0][0])


def test_an_entry_shows_in_the_trial_balance() -> None:
    levy("bill:1")
    assert [(line.purpose, line.debit, line.credit) for line in selectors.trial_balance()] == [
        ("receivable", 119_820, 0),
        ("revenue", 0, 119_820),
    ]


def test_the_trial_balance_of_a_day_leaves_later_entries_out() -> None:
    levy("bill:1", 1_000, date(2026, 6, 15))
    levy("bill:2", 2_000, date(2026, 6, 16))
    assert [line.debit for line in selectors.trial_balance(on=date(2026, 6, 15))] == [1_000, 0]


def test_a_statement_carries_the_balance_forward() -> None:
    for number, day in enumerate((14, 15, 16), 1):
        levy(f"bill:{number}", number * 100, date(2026, 6, day))
    lines = selectors.account_statement(
        body="11110", tax="automobile", purpose="receivable", start=date(2026, 6, 15), end=date(2026, 6, 16)
    )
    assert [(line.amount, line.balance) for line in lines] == [(200, 300), (300, 600)]


def test_the_same_entry_twice_is_refused() -> None:
    levy("bill:1")
    with pytest.raises(EntryAlreadyPosted):
        levy("bill:1")


def test_an_unbalanced_entry_is_refused_before_the_database_sees_it() -> None:
    with pytest.raises(UnbalancedEntry):
        post_entry(
            kind="levy",
            reference="x",
            business_date=DAY,
            occurred_at=AT,
            postings=[Posting("11110", "automobile", Purpose.RECEIVABLE, 1)],
        )


class TestRawSqlAsTheWorker:
    """The only login that writes the books; what the office's can't is in tests/payments."""

    @pytest.fixture(autouse=True)
    def _signed_in(self, as_role: AsRole) -> Any:
        with as_role("worker"):
            yield

    def entry(self) -> str:
        return (
            "WITH entry AS (INSERT INTO ledger_journalentry (kind, reference, business_date, occurred_at) "
            "VALUES ('raw', 'raw', '2026-06-16', now()) RETURNING id) "
        )

    def test_an_entry_without_postings_is_refused(self) -> None:
        with pytest.raises(DatabaseError, match="has no postings"):
            raw(self.entry() + "SELECT id FROM entry")

    def test_one_sided_postings_are_refused(self) -> None:
        with pytest.raises(DatabaseError, match="out of balance by 5"):
            raw("SELECT ledger_post_entry('raw', 'raw', '2026-06-16', now(), %s)", _sides(5))

    def test_nothing_is_added_to_an_entry_later(self) -> None:
        entry = levy("bill:1")
        with pytest.raises(DatabaseError, match="is closed"):
            raw(
                "INSERT INTO ledger_posting (entry_id, account_id, amount) VALUES (%s, %s, 1), (%s, %s, -1)",
                entry,
                an_account(),
                entry,
                an_account(),
            )

    def test_nothing_is_added_to_an_entry_by_a_second_statement(self) -> None:
        add = "INSERT INTO ledger_posting (entry_id, account_id, amount) VALUES (%s, %s, 1), (%s, %s, -1)"
        with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
            entry, account = levy("bill:1"), an_account()
            raw(add, entry, account, entry, account)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_posting SET amount = amount + 1",
            "DELETE FROM ledger_posting",
            "TRUNCATE ledger_posting",
            "UPDATE ledger_journalentry SET business_date = '2000-01-01'",
            "DELETE FROM ledger_journalentry",
        ],
    )
    def test_a_posted_entry_is_never_changed(self, statement: str) -> None:
        levy("bill:1")
        with pytest.raises(DatabaseError, match="permission denied"):
            raw(statement)
        with transaction.atomic():
            assert selectors.trial_balance()[0].debit == 119_820


def test_even_the_owner_cannot_change_a_posting() -> None:
    levy("bill:1")
    with (
        admin_connection(connection.settings_dict["NAME"]) as admin,
        pytest.raises(Exception, match="append-only"),
    ):
        admin.execute("UPDATE ledger_posting SET amount = amount + 1")


def test_the_public_and_intake_faces_have_no_access_to_the_books(as_role: AsRole) -> None:
    for face in ("public", "intake"):
        for statement in ("SELECT * FROM ledger_posting", "SELECT ledger_account('11110', 'automobile', 'fee')"):
            with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
                raw(statement)


@override_settings(LEDGER_CHECKS=[])  # here are postings without the bills that would explain them
def test_ledger_check_proves_the_books() -> None:
    levy("bill:1")
    out = StringIO()
    call_command("ledger_check", stdout=out)
    assert "debits 119,820 KRW, credits the same" in out.getvalue()


def test_ledger_check_names_a_difference() -> None:
    levy("bill:1")
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE ledger_posting SET amount = amount + 7 WHERE amount > 0")
    errors = StringIO()
    with pytest.raises(CommandError, match="don't hold"):
        call_command("ledger_check", stderr=errors)
    assert "trial balance: ledger 7" in errors.getvalue()


def _sides(difference: int) -> str:
    return (
        '[{"body": "11110", "tax": "automobile", "purpose": "receivable", "amount": 100},'
        f' {{"body": "11110", "tax": "automobile", "purpose": "revenue", "amount": {difference - 100}}}]'
    )
