"""Balances are totals per day plus a tail; however far the adding up has come, they say the same."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import date
from io import StringIO
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ledger import selectors
from ledger.models import DailyTotal
from ledger.services import roll_up
from tests.ledger.test_the_books import levy
from tests.support.database import admin_connection

# Rows of the journal that this connection has read and not reported to the server's statistics yet.
READ_SO_FAR = (
    "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables "
    "WHERE relname IN ('ledger_posting', 'ledger_journalentry')"
)
CHECKOUT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _from_the_beginning(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_rollupmark SET up_to = 0")


def roll_up_all(expected: int) -> None:
    """Add up until the totals hold `expected` won of debits: another database of the server may hold it up."""
    deadline = monotonic() + 30
    while sum(total.debit for total in DailyTotal.objects.all()) != expected and monotonic() < deadline:
        roll_up()
    assert sum(total.debit for total in DailyTotal.objects.all()) == expected


def balances(on: date | None = None) -> list[tuple[str, int]]:
    return [(line.purpose, line.balance) for line in selectors.trial_balance(on=on)]


def test_the_trial_balance_is_the_same_before_and_after_adding_up() -> None:
    levy("bill:1", 1_000, date(2026, 6, 15))
    levy("bill:2", 200, date(2026, 6, 16))
    assert balances() == [("receivable", 1_200), ("revenue", -1_200)]
    roll_up_all(1_200)
    levy("bill:3", 30, date(2026, 6, 15))  # the tail, on a day that has a total
    assert balances() == [("receivable", 1_230), ("revenue", -1_230)]
    assert balances(date(2026, 6, 15)) == [("receivable", 1_030), ("revenue", -1_030)]
    roll_up_all(1_230)
    assert balances() == [("receivable", 1_230), ("revenue", -1_230)]


def test_what_was_added_up_is_not_read_again() -> None:
    many = 30_000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post_batch('levy', 'roll:1', %s, now(), '11110', 'receivable', 'revenue', "
            "array(SELECT 'bill:' || n FROM generate_series(1, %s) AS n), array(SELECT generate_series(1, %s)), "
            "array_fill('automobile'::text, ARRAY[%s]), array_fill(10::bigint, ARRAY[%s]))",
            [date(2026, 6, 15), *4 * [many]],
        )
    roll_up_all(10 * many)
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("ANALYZE ledger_journalentry, ledger_posting")  # as the server does by itself
    levy("bill:x", 200)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(READ_SO_FAR)
        ((before,),) = cursor.fetchall()
        assert balances() == [("receivable", 10 * many + 200), ("revenue", -10 * many - 200)]
        cursor.execute(READ_SO_FAR)
        ((after,),) = cursor.fetchall()
    assert after - before < many / 4


def test_an_entry_that_commits_late_is_counted_once() -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            levy("slow", 5)
            began.set()
            assert go_on.wait(30)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert began.wait(30)
    levy("quick", 70)
    roll_up()
    assert balances() == [("receivable", 70), ("revenue", -70)]
    go_on.set()
    writer.join()
    assert balances() == [("receivable", 75), ("revenue", -75)]
    roll_up_all(75)
    assert balances() == [("receivable", 75), ("revenue", -75)]


def test_ledger_check_names_a_total_that_does_not_agree() -> None:
    levy("bill:1", 1_000)
    roll_up_all(1_000)
    DailyTotal.objects.filter(account__purpose="receivable").update(debit=1_007)
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("ledger_check", stderr=errors)
    assert "total of 11110/automobile/receivable: ledger 1000, elsewhere 1007" in errors.getvalue()


def test_after_a_restore_into_a_new_cluster_adding_up_goes_on() -> None:
    levy("bill:1", 1_000)
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE ledger_journalentry SET written_in = 999999999999")
        admin.execute("UPDATE ledger_rollupmark SET up_to = 999999999998")
    levy("bill:2", 200)
    assert balances() == [("receivable", 1_000), ("revenue", -1_000)]  # the new one is older than the mark: not seen
    _after_restore()
    assert balances() == [("receivable", 1_200), ("revenue", -1_200)]
    roll_up_all(1_200)


def _after_restore() -> None:
    """As an administrator would: in a process of its own, signed in as the owner."""
    address = settings.ADMIN_DATABASE
    name = connection.settings_dict["NAME"]
    url = f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/{name}"
    subprocess.run(
        [sys.executable, "manage.py", "after_restore"],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "ETAX_DATABASE_URL": url},
        check=True,
        capture_output=True,
    )
