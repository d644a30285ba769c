"""A roll is issued in chunks that commit: whatever kills it, it goes on where it was, no bill lost and none doubled."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.models import Sum
from django.utils.translation import override

from billing import selectors, services
from billing.models import Bill, BillLine, LevyRoll, RollPart
from billing.rules.numbers import SCHEMES, NumbersExhausted, SpreadSerials, TaxNumber
from billing.services.number_bills import take_serials
from billing.states import RollStatus
from core.models import Event
from ledger.models import Batch, JournalEntry, Posting
from ledger.selectors import unbalanced_entries
from tests.support.database import admin_connection

from .conftest import AT, Officers, sample_text

ROOT = Path(settings.BASE_DIR)
SERIALS = [0, 1, 2, 9, 10, 99_999, 123_456, 999_998]


@pytest.fixture
def approved(imported: Callable[[str], int], officers: Officers) -> Callable[[int], int]:
    """An approved roll of so many vehicles."""

    def run(count: int) -> int:
        roll_id = imported(sample_text(count))
        services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
        return roll_id

    return run


def prove(roll_id: int, count: int) -> None:
    """Everything that a bill brings is there once for each."""
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.ISSUED
    bills = set(Bill.objects.values_list("id", flat=True))
    assert len(bills) == Bill.objects.values("roll_ref").distinct().count() == count
    events = Event.objects.filter(topic="billing.bill_issued.v1").values_list("payload", flat=True)
    assert sorted(event["bill_ids"] for event in events) == sorted([bill] for bill in bills)
    entries = JournalEntry.objects.filter(kind="levy")
    assert set(entries.values_list("reference", flat=True)) == {f"bill:{bill}" for bill in bills}
    assert Posting.objects.count() == 2 * BillLine.objects.count()
    lines = BillLine.objects.aggregate(all=Sum("amount"))["all"]
    assert Bill.objects.aggregate(all=Sum("amount"))["all"] == lines
    assert Posting.objects.filter(amount__gt=0).aggregate(all=Sum("amount"))["all"] == lines
    assert unbalanced_entries() == []
    parts = RollPart.objects.filter(roll_id=roll_id).aggregate(bills=Sum("bills"), amount=Sum("amount"))
    assert parts == {"bills": count, "amount": lines}


def test_small_chunks_make_the_same_bills(approved: Callable[[int], int]) -> None:
    roll_id = approved(60)
    heard: list[int] = []
    assert services.issue_roll(roll_id=roll_id, at=AT, most=2, on_chunk=heard.append) == 60
    assert max(heard) == 2
    assert len(heard) == Batch.objects.count() > 30
    prove(roll_id, 60)


def test_a_process_that_is_killed_is_resumed_exactly(approved: Callable[[int], int]) -> None:
    roll_id = approved(400)
    process = _command(roll_id, "--chunk", "4")
    while selectors.issue_progress(roll_id=roll_id).bills < 40 and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert Bill.objects.count() < 400
    # The server may need a moment to notice that nobody is there any more; until then a district is taken.
    while LevyRoll.objects.get(pk=roll_id).status != RollStatus.ISSUED:
        services.issue_roll(roll_id=roll_id, at=AT, most=50)
    prove(roll_id, 400)


def test_two_processes_beside_each_other_end_together(approved: Callable[[int], int]) -> None:
    roll_id = approved(60)
    assert _command(roll_id, "--processes", "2", "--chunk", "3").wait() == 0
    prove(roll_id, 60)


def test_a_roll_that_nobody_approved_is_refused_in_the_terminal(imported: Callable[[str], int]) -> None:
    roll_id = imported(sample_text(2))
    with override("ko"), pytest.raises(CommandError, match="승인된 대장만"):
        call_command("issue_roll", str(roll_id))


def test_the_terminal_says_how_far_it_is(approved: Callable[[int], int]) -> None:
    said = io.StringIO()
    call_command("issue_roll", str(approved(30)), "--chunk", "5", stdout=said)
    assert "] 5 of 30 bills" in said.getvalue() or "] 1 of 30 bills" in said.getvalue()
    assert said.getvalue().endswith(f"[{'#' * 40}] 30 of 30 bills\n")


def test_a_chunk_whose_rows_have_no_payer_makes_nothing(approved: Callable[[int], int]) -> None:
    roll_id = approved(10)
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("UPDATE billing_rollrow SET taxpayer_id = 987654")
    with pytest.raises(DatabaseError, match="not in accounts_taxpayer"):
        services.issue_roll(roll_id=roll_id, at=AT)
    assert not Bill.objects.exists()
    assert not Event.objects.filter(topic="billing.bill_issued.v1").exists()


def test_progress_moved_back_by_hand_doubles_no_bill(approved: Callable[[int], int]) -> None:
    roll_id = approved(20)
    services.begin_issue(roll_id=roll_id)
    body = RollPart.objects.order_by("-rows").values_list("body_id", flat=True)[0]
    services.issue_part(roll_id=roll_id, body=body, at=AT)
    made = Bill.objects.count()
    RollPart.objects.filter(roll_id=roll_id).update(done_through=0, bills=0, amount=0)
    with pytest.raises(DatabaseError, match="once"):
        services.issue_part(roll_id=roll_id, body=body, at=AT)
    assert Bill.objects.count() == made > 0


def test_the_database_makes_the_numbers_that_the_rules_make(db: None) -> None:
    number = {"province": "11", "district": "545", "account": "10", "item": "109000", "ward": "007"}
    for year, month, term in ((2026, 6, 1), (1999, 12, 9)):
        for serial in SERIALS:
            expected = TaxNumber(**number, year=year, month=month, term=term, serial=serial)
            run = _one("SELECT billing_tax_numbers(%s, %s, %s, 2)", expected.office, expected.tail, serial)
            assert run[0] == str(expected)
    for serial in [*SERIALS, 999_999_998]:
        ours = SpreadSerials().number(institution="11545", kind="1", year=2026, item="09", serial=serial)
        assert _one("SELECT billing_spread_serials('1154512609', %s, 2)", serial)[0] == ours


def test_numbers_that_run_out_are_refused_on_both_sides(db: None) -> None:
    for call in ("billing_tax_numbers('11545', repeat('1', 18), 999999, 2)", "billing_spread_serials('1', 1, 1)"):
        with pytest.raises(DatabaseError, match="number holds"):
            _one(f"SELECT {call}")
    with pytest.raises(NumbersExhausted):
        take_serials(key="test", count=10, most=10)


def test_a_scheme_without_a_twin_in_the_database_makes_its_own_numbers(
    approved: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting(SpreadSerials):
        sql = None

    monkeypatch.setitem(SCHEMES, "spread_serials", Counting())
    services.issue_roll(roll_id=approved(10), at=AT)
    first = Bill.objects.order_by("id")[0]
    assert first.epay_number == Counting().number(institution=first.body_id, kind="1", year=2026, item="09", serial=1)


def _one(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _command(roll_id: int, *arguments: str) -> subprocess.Popen[bytes]:
    here: dict[str, Any] = settings.DATABASES["default"] | connection.settings_dict
    admin = settings.ADMIN_DATABASE
    url = f"postgresql://{admin.user}:{admin.password}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
    environment = {**os.environ, "ETAX_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "etax.settings.worker"}
    command = [sys.executable, "manage.py", "issue_roll", str(roll_id), *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
