"""Books and audit trail are sealed behind the writes; whoever changes a row afterwards is found by `log_check`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from time import monotonic
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import audit, clock
from core.log import close_all_windows, coverage, newest_head, seal
from core.log.windows import close_windows
from core.models import AuditRecord, LogLeaf, LogWindow
from tests.ledger.test_the_books import levy
from tests.support.database import admin_connection

pytestmark = pytest.mark.usefixtures("db")

BOOKS, AUDIT = "journal.window", "audit.window"


def act(name: str) -> None:
    audit.record(action="test.acted", subject=name)


def close(kind: str, expected: int, **sizes: int) -> None:
    """Close windows over `expected` more rows, once nothing holds them up: any transaction on the server may."""
    source = settings.LOG_WINDOWS[kind]
    deadline = monotonic() + 30
    while _unfinished(source) and monotonic() < deadline:
        pass
    done = 0
    while taken := close_windows(kind=kind, source=source, at=clock.now(), **sizes):
        done += taken
    assert done == expected


def _unfinished(source: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {source} WHERE written_in >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        return int(cursor.fetchone()[0])


def seal_everything() -> None:
    deadline = monotonic() + 30
    while any(leaf for leaf in LogLeaf.objects.filter(logseal=None)) and monotonic() < deadline:
        seal(at=clock.now())


def check(**options: Any) -> str:
    """What `log_check` says; its errors when it ends with status 1."""
    said, errors = StringIO(), StringIO()
    try:
        call_command("log_check", stdout=said, stderr=errors, **options)
    except CommandError:
        return errors.getvalue()
    return said.getvalue()


@contextmanager
def as_owner() -> Iterator[psycopg.Connection[Any]]:
    """Somebody who owns the tables and turns the guards off."""
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin


@pytest.fixture
def sealed() -> None:
    """Three entries and four audit records in windows of two."""
    for number in range(3):
        levy(f"bill:{number}", 1_000 + number)
    for number in range(4):
        act(f"thing:{number}")
    close(BOOKS, 3, width=2)
    close(AUDIT, 4, width=2)
    seal_everything()


def test_what_holds_is_said_to_hold(sealed: None) -> None:
    said = check()
    assert "the log holds: 4 leaves" in said
    assert "journal.window: 3 rows in 2 windows" in said
    assert "audit.window: 4 rows in 2 windows" in said


def test_a_changed_posting_is_named_by_its_entry(sealed: None) -> None:
    with as_owner() as owner:
        ((entry,),) = owner.execute("SELECT id FROM ledger_journalentry WHERE reference = 'bill:1'").fetchall()
        owner.execute("UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = %s", [entry])
    found = check()
    assert f"row {entry} was changed" in found
    assert found.count("\n") == 1


def test_a_changed_audit_record_is_named(sealed: None) -> None:
    record = AuditRecord.objects.get(subject="thing:2")
    with as_owner() as owner:
        owner.execute("UPDATE core_auditrecord SET actor_id = 17 WHERE id = %s", [record.pk])
    assert f"audit.window 2 (rows {record.pk} to {record.pk + 1} of core_audit_lines): row {record.pk} was" in check()


def test_a_removed_record_is_named(sealed: None) -> None:
    record = AuditRecord.objects.get(subject="thing:0")
    with as_owner() as owner:
        owner.execute("DELETE FROM core_auditrecord WHERE id = %s", [record.pk])
    assert f"row {record.pk} is gone" in check()


def test_a_record_slipped_in_below_the_sealed_ones_is_named(sealed: None) -> None:
    with as_owner() as owner:
        owner.execute(
            "INSERT INTO core_auditrecord (id, login, action, subject, reason, details, address, session_mark, "
            "written_in) VALUES (999999, 'etax_office', 'test.acted', 'forged', '', '{}', '', '', 5)"
        )
    assert "row 999999 of core_audit_lines was slipped in" in check()


def test_a_changed_leaf_and_a_root_printed_elsewhere_are_compared(sealed: None) -> None:
    head = newest_head()
    assert head is not None
    assert "the log holds" in check(printed=[f"{head.size}:{head.root}"])
    assert "the root printed for the first 4 leaves" in check(printed=[f"4:{'0' * 64}"])
    assert "a root was printed for 9 leaves; the log has 4" in check(printed=[f"9:{head.root}"])
    with as_owner() as owner:
        owner.execute("UPDATE core_logleaf SET content = content || '{\"rows\": 7}' WHERE reference = 'audit.window:1'")
    found = check()
    assert "(audit.window audit.window:1) is not what was sealed" in found
    assert "audit.window 1 does not agree with its leaf" in found


def test_a_payment_or_role_without_a_leaf_is_named(sealed: None) -> None:
    with as_owner() as owner:
        owner.execute(
            "INSERT INTO payments_payment (gateway, movement_id, reference, kind, amount, applied, excess, suspense, "
            "approved_at) VALUES ('bank', 'forged', '', 'deposit', 5, 0, 0, 5, now())"
        )
        owner.execute(
            "INSERT INTO accounts_rolegrant (officer_id, role, reason, asked_by_id, granted_by_id, granted_at, "
            "ended_reason) VALUES (1, 'treasurer', '', 2, 3, now(), '')"
        )
    found = check()
    assert "(treasurer of account 1) was granted without a leaf" in found
    assert "1 payment(s) have no leaf in the log" in found


def test_an_entry_that_commits_late_is_not_passed_over() -> None:
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
    assert close_windows(kind=BOOKS, source=settings.LOG_WINDOWS[BOOKS], at=clock.now()) == 0
    go_on.set()
    writer.join()
    close(BOOKS, 2)
    assert LogWindow.objects.get().rows == 2


def test_a_crash_between_windows_doubles_and_loses_nothing() -> None:
    for number in range(5):
        act(f"thing:{number}")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        close_windows(kind=AUDIT, source=settings.LOG_WINDOWS[AUDIT], at=clock.now(), width=2)
        raise ZeroDivisionError
    assert not LogWindow.objects.exists()
    assert not LogLeaf.objects.exists()
    close(AUDIT, 5, width=2, most=2)
    assert list(LogWindow.objects.order_by("number").values_list("number", "rows")) == [(1, 2), (2, 2), (3, 1)]
    seal_everything()
    assert "audit.window: 5 rows in 3 windows" in check()


def test_coverage_says_until_when_and_counts_only_what_is_sealed() -> None:
    act("thing:0")
    close(AUDIT, 1)
    assert [(part.rows, part.until) for part in coverage()] == [(0, None), (0, None)]
    seal_everything()
    before = clock.now()
    deadline = monotonic() + 30
    while monotonic() < deadline:
        close_all_windows(at=clock.now())
        (_, trail) = coverage()
        if trail.until is not None and trail.until >= before:
            break
    assert trail.rows == 1
    assert trail.until is not None
    assert trail.until >= before
