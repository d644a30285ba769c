"""Reads for the treasurer's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from core.clock import local_date
from payments.models import BusinessDay, Difference
from payments.reconcile.business_day import business_days
from payments.reconcile.states import DifferenceStatus, Part

SHOWN_DAYS = 30


@dataclass(frozen=True)
class DayRow:
    """A business day as the treasurer sees it; `compared_at` is None where it was never compared."""

    day: date
    compared_at: datetime | None
    unanswered: Sequence[str]
    open: int
    untaken: int
    explained: int

    @property
    def green(self) -> bool:
        return self.compared_at is not None and not self.open and not self.unanswered


@dataclass(frozen=True)
class Share:
    """What a body got of a business day's money: as whose tax, and when it is remitted."""

    beneficiary: str
    name_ko: str
    name_en: str
    collector: str
    tax: str
    tax_ko: str
    tax_en: str
    part: str
    article: str
    remit_on: date
    amount: int

    @property
    def label(self) -> str:
        return str(Part(self.part).label)


@dataclass(frozen=True)
class BodySum:
    """What is due to a body of a day, and of that what others collected for it."""

    code: str
    name_ko: str
    name_en: str
    amount: int
    remitted: int


def recent_days(*, at: datetime) -> list[DayRow]:
    """The last business days that are over, youngest first."""
    return _rows(business_days(on=local_date(at)).last(SHOWN_DAYS, at=at))


def day_row(*, day: date) -> DayRow:
    return _rows([day])[0]


def _rows(days: Sequence[date]) -> list[DayRow]:
    compared = BusinessDay.objects.in_bulk(days)
    is_open = Q(status=DifferenceStatus.OPEN)
    counts = Difference.objects.filter(day__in=days).values("day")
    found = {
        row["day"]: row
        for row in counts.annotate(
            open=Count("pk", filter=is_open),
            untaken=Count("pk", filter=is_open & Q(owner=None)),
            explained=Count("pk", filter=~is_open),
        )
    }
    none = {"open": 0, "untaken": 0, "explained": 0}
    return [_row(day, compared.get(day), {**none, **found.get(day, {})}) for day in days]


def _row(day: date, compared: BusinessDay | None, counts: Mapping[str, Any]) -> DayRow:
    return DayRow(
        day,
        compared.compared_at if compared else None,
        compared.unanswered if compared else (),
        *(counts[name] for name in ("open", "untaken", "explained")),
    )


def differences(*, day: date) -> QuerySet[Difference]:
    """Of a day, what is unexplained first, the oldest before the others."""
    return Difference.objects.filter(day=day).order_by(F("ended_at").desc(nulls_first=True), "found_at", "pk")


def difference(*, difference_id: int) -> Difference | None:
    return Difference.objects.filter(pk=difference_id).first()


def owners(found: Iterable[Difference]) -> dict[int, str]:
    """The names of the officers who have these differences, by account."""
    accounts = [one.owner_id for one in found if one.owner_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT o.account_id, o.name FROM accounts_officer o WHERE o.account_id = ANY (%s)", [accounts])
        return dict(cursor.fetchall())


def shares(*, day: date) -> list[Share]:
    """Of a business day, whatever the reader may see; sums over everything that came or went about it."""
    query = """
        SELECT d.beneficiary_id, y.name_ko, y.name_en, c.code, d.tax, coalesce(t.name_ko, d.tax),
               coalesce(t.name_en, d.tax), d.part, d.article, max(d.remit_on), sum(d.amount)::bigint
        FROM payments_distribution d
        JOIN accounts_levyingbody y ON y.code = d.beneficiary_id
        JOIN accounts_levyingbody c ON c.code = d.collector_id
        LEFT JOIN billing_taxtype t ON t.code = d.tax
        WHERE d.day = %s
        GROUP BY d.beneficiary_id, y.code, c.code, d.tax, t.code, d.part, d.article
        HAVING sum(d.amount) <> 0
        ORDER BY d.beneficiary_id, c.code, t.position, d.part
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [day])
        return [Share(*row) for row in cursor.fetchall()]


def sums_by_body(found: Sequence[Share]) -> list[BodySum]:
    """`remitted`: what is carried over to it, since another body collected it."""
    names = {one.beneficiary: one for one in found}
    return [
        BodySum(
            code,
            one.name_ko,
            one.name_en,
            sum(row.amount for row in found if row.beneficiary == code),
            sum(row.amount for row in found if row.beneficiary == code != row.collector),
        )
        for code, one in names.items()
    ]
