from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Sum

from ledger.models import Posting


@dataclass(frozen=True)
class BalanceLine:
    """Debits and credits of one account up to and including a date, minor units, both positive."""

    body: str
    tax: str
    purpose: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        return self.debit - self.credit


@dataclass(frozen=True)
class StatementLine:
    """One movement of an account and the balance after it."""

    business_date: date
    kind: str
    reference: str
    amount: int
    balance: int


def trial_balance(*, on: date | None = None) -> list[BalanceLine]:
    """The trial balance (시산표) at the end of a business day, or of everything posted: rollup and tail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, tax, purpose, debit, credit FROM ledger_totals(%s)", [on])
        return [
            BalanceLine(body, tax, purpose, int(debit), int(credit))
            for body, tax, purpose, debit, credit in cursor.fetchall()
        ]


def scanned_balance() -> list[BalanceLine]:
    """The same from the postings alone, every one of them: slow, and what the rollup is checked against."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.body_id, a.tax, a.purpose, sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0)) "
            "FROM ledger_posting p JOIN ledger_ledgeraccount a ON a.id = p.account_id "
            "GROUP BY a.id ORDER BY a.body_id, a.tax, a.purpose"
        )
        return [
            BalanceLine(body, tax, purpose, int(debit), int(credit))
            for body, tax, purpose, debit, credit in cursor.fetchall()
        ]


def account_statement(*, body: str, tax: str, purpose: str, start: date, end: date) -> list[StatementLine]:
    """Movements of one account from `start` to `end`, both included, each with the balance after it."""
    postings = Posting.objects.filter(account__body_id=body, account__tax=tax, account__purpose=purpose)
    before = postings.filter(entry__business_date__lt=start).aggregate(total=Sum("amount"))["total"] or 0
    lines, balance = [], int(before)
    within = postings.filter(entry__business_date__range=(start, end)).select_related("entry")
    for posting in within.order_by("entry__business_date", "id"):
        balance += posting.amount
        entry = posting.entry
        lines.append(StatementLine(entry.business_date, entry.kind, entry.reference, posting.amount, balance))
    return lines


def unbalanced_entries(*, most: int = 20) -> list[tuple[int, int]]:
    """Entries that don't sum to zero, with their difference. The database refuses them; this proves that it did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, coalesce(sum(p.amount), 0), count(p.id) FROM ledger_journalentry e "
            "LEFT JOIN ledger_posting p ON p.entry_id = e.id "
            "GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 ORDER BY e.id LIMIT %s",
            [most],
        )
        return [(int(entry), int(difference)) for entry, difference, _ in cursor.fetchall()]


def totals_of_entries(*, kind: str) -> dict[str, int]:
    """Sums by purpose over all entries of one kind, debits less credits: what a check compares with its own table."""
    rows = Posting.objects.filter(entry__kind=kind).values("account__purpose").annotate(total=Sum("amount"))
    return {row["account__purpose"]: int(row["total"]) for row in rows}
