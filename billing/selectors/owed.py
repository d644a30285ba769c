from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.db import connection

from core import clock


@dataclass(frozen=True, kw_only=True)
class LineOwed:
    """One tax of a bill on a day: its amount, the surcharge accrued until then, and what was paid on both."""

    line_id: int
    tax: str
    amount: int
    tax_paid: int
    surcharge: int
    surcharge_paid: int

    @property
    def paid(self) -> int:
        return self.tax_paid + self.surcharge_paid

    @property
    def left(self) -> int:
        return self.tax_left + self.surcharge_left

    @property
    def tax_left(self) -> int:
        return max(self.amount - self.tax_paid, 0)

    @property
    def surcharge_left(self) -> int:
        return max(self.surcharge - self.surcharge_paid, 0)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What a bill in force owes on a day; a cancelled bill owes nothing (`in_force` is false).

    `ever_deferred`: a deferral of collection stands beside it, over or not.
    """

    bill_id: int
    in_force: bool
    ever_deferred: bool
    lines: tuple[LineOwed, ...]

    @property
    def tax(self) -> int:
        return sum(line.tax_left for line in self.lines) if self.in_force else 0

    @property
    def surcharge(self) -> int:
        return sum(line.surcharge_left for line in self.lines) if self.in_force else 0

    @cached_property
    def total(self) -> int:
        return self.tax + self.surcharge

    @property
    def paid(self) -> int:
        return sum(line.paid for line in self.lines)


def owed(*, bill_ids: Sequence[int], at: datetime) -> dict[int, Owed]:
    """What the bills owe if paid at `at`, in won, by bill id; bills the caller may not see are left out."""
    return owed_on(bill_ids=bill_ids, on=clock.local_date(at))


def owed_on(*, bill_ids: Sequence[int], on: date) -> dict[int, Owed]:
    """What the bills owe, in won, if what is still open is paid on a day, past or to come; by bill id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.bill_id, b.status = 'issued', EXISTS ("
            "SELECT FROM billing_billfact f WHERE f.bill_id = b.id AND f.kind = 'deferral'), "
            "o.line_id, o.tax, o.amount, o.tax_paid, o.surcharge, o.surcharge_paid "
            "FROM billing_owed(%s::bigint[], %s::date) o JOIN billing_bill b ON b.id = o.bill_id "
            "ORDER BY o.bill_id, o.place",
            [list(bill_ids), on],
        )
        rows = cursor.fetchall()
    return {
        bill_id: Owed(bill_id=bill_id, in_force=in_force, ever_deferred=deferred, lines=tuple(map(_line, group)))
        for (bill_id, in_force, deferred), group in groupby(rows, key=lambda row: row[:3])
    }


def _line(row: tuple[int, bool, bool, int, str, int, int, int, int]) -> LineOwed:
    _, _, _, line_id, tax, amount, tax_paid, surcharge, surcharge_paid = row
    return LineOwed(
        line_id=line_id,
        tax=tax,
        amount=amount,
        tax_paid=tax_paid,
        surcharge=surcharge,
        surcharge_paid=surcharge_paid,
    )
