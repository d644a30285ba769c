from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from billing.explain_periods import period_text
from billing.models import Bill
from billing.models.bill import IN_FORCE
from billing.rules.columns import VEHICLE_NUMBER
from billing.rules.registry import assess_again
from billing.rules.standing import moved_due
from billing.rules.steps import Step
from billing.selectors.city import dated_tables
from billing.selectors.late import OnDay, deferrals_of, on_day
from billing.selectors.owed import Owed, owed
from billing.states import COLOURS, OUT_OF_FORCE, BillStatus, Standing
from core import clock

# A list does not read how each bill came about; rows, since a page of them would make sixty models.
LISTED = (
    *("pk", "taxpayer_id", "tax_id", "body_id", "tax_year", "term", "object_ref", "status", "amount", "due_on"),
    *("tax__name_ko", "tax__name_en", "body__name_ko", "body__name_en"),
)
# Shown to this session to be paid and for nothing else: by a link, or to an agent on the telephone.
PAY_ONLY = Q(pk__in=RawSQL("SELECT unnest(billing_session_pays_only())", []))
MOST_FOUND = 100
MOST_OWN = 1000


class NoSuchBill(LookupError):
    """There is no such bill, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class BillSummary:
    """A bill in a list, with what it owes at the moment that was asked for; `due_on` counts deferrals made in time."""

    id: int
    taxpayer_id: int
    tax: str
    tax_ko: str
    tax_en: str
    body: str
    body_ko: str
    body_en: str
    tax_year: int
    term: int
    object_ref: str
    status: str
    amount: int
    due_on: date
    overdue: bool
    deferred: bool
    owed: Owed

    @property
    def status_label(self) -> str:
        return str(BillStatus(self.status).label)

    @property
    def period(self) -> str:
        return period_text(tax=self.tax, year=self.tax_year, term=self.term)

    @property
    def paid(self) -> bool:
        return self.owed.in_force and self.owed.total == 0

    @cached_property
    def standing(self) -> Standing | None:
        """None where the bill is not in force; then its status says why."""
        if self.status != BillStatus.ISSUED:
            return None
        if self.paid:
            return Standing.PAID
        if self.deferred or self.overdue:
            return Standing.DEFERRED if self.deferred else Standing.OVERDUE
        return Standing.PARTLY_PAID if self.owed.paid else Standing.TO_BE_PAID

    @property
    def standing_label(self) -> str:
        return str(self.standing.label) if self.standing else self.status_label

    @property
    def colour(self) -> str:
        return COLOURS[self.standing] if self.standing else OUT_OF_FORCE


@dataclass(frozen=True, kw_only=True)
class BillName:
    """A bill as a person names it: the tax, the term, and the number by which it is paid (전자납부번호)."""

    id: int
    tax_ko: str
    tax_en: str
    period: str
    epay_number: str


@dataclass(frozen=True, kw_only=True)
class BillDetail:
    """One bill with how it came about; `steps` are computed anew from what the bill keeps, `today` what it owes.

    `filed`: its payer computed and filed the tax himself.
    """

    summary: BillSummary
    tax_number: str
    epay_number: str
    issued_at: datetime
    nominal_due_on: date
    due_on: date
    liability_on: date
    steps: tuple[Step, ...]
    today: OnDay
    filed: bool


def my_bills(*, at: datetime) -> list[BillSummary]:
    """The newest 1,000 bills that the running session may see: on the public face one's own and those found."""
    return _summaries(_newest(Bill.objects.exclude(PAY_ONLY).exclude(status="draft"), MOST_OWN), at=at)


def search_bills(*, text: str, at: datetime) -> list[BillSummary]:
    """Bills with exactly this electronic payment number, tax number, roll reference or vehicle; at most 100.

    A vehicle's bills for part of a half bear the owner's last day behind its number.
    """
    key = text.strip().replace(" ", "")
    digits = key.replace("-", "")
    numbers, levy = Q(epay_number=digits) | Q(tax_number=digits), Q(roll_ref=key) | _of_object(key)
    # Written as the indexes are: bills in force, and the few that no longer are.
    match = numbers | (levy & Q(status__in=IN_FORCE)) | (levy & ~Q(status__in=IN_FORCE))
    found = Bill.objects.filter(match).exclude(status="draft")
    return _summaries(_newest(found, MOST_FOUND), at=at) if key else []


def _of_object(key: str) -> Q:
    """Of a vehicle also its bills for part of a half.

    In every collation a range of the index, which Hangul ends, holds what begins with the number.
    """
    if not VEHICLE_NUMBER.fullmatch(key):
        return Q(object_ref=key)
    begins = Q(object_ref__gte=key, object_ref__lte=f"{key}힣")
    return begins & (Q(object_ref=key) | Q(object_ref__startswith=f"{key}~"))


def bills_of(*, taxpayer_ids: Collection[int], at: datetime) -> list[BillSummary]:
    """Bills in force of these taxpayers, as far as the caller may see them; at most 100, the youngest first."""
    found = Bill.objects.filter(taxpayer_id__in=taxpayer_ids, status="issued")
    return _summaries(_newest(found, MOST_FOUND), at=at) if taxpayer_ids else []


def bills_by_id(*, bill_ids: Collection[int], at: datetime) -> dict[int, BillSummary]:
    """Those of the bills that the caller may see."""
    found = _rows(Bill.objects.filter(pk__in=bill_ids))
    return {bill.id: bill for bill in _summaries(found, at=at)}


def bill_names(*, bill_ids: Collection[int]) -> list[BillName]:
    """How those of the bills are named that the caller may see, in their order."""
    rows = Bill.objects.filter(pk__in=bill_ids).exclude(status="draft").select_related("tax").order_by("pk")
    return [
        BillName(
            id=row.pk,
            tax_ko=row.tax.name_ko,
            tax_en=row.tax.name_en,
            period=period_text(tax=row.tax_id, year=row.tax_year, term=row.term),
            epay_number=row.epay_number,
        )
        for row in rows
    ]


def bill_detail(*, bill_id: int, at: datetime) -> BillDetail:
    """One bill with its calculation. Raises NoSuchBill, also where the caller may not see it, or it is only noticed."""
    bill = Bill.objects.filter(pk=bill_id).exclude(PAY_ONLY).exclude(status="draft").first()
    if bill is None:
        raise NoSuchBill(bill_id)
    (summary,) = _summaries(_rows(Bill.objects.filter(pk=bill_id)), at=at)
    return BillDetail(
        summary=summary,
        tax_number=bill.tax_number,
        epay_number=bill.epay_number,
        issued_at=bill.issued_at,
        nominal_due_on=bill.nominal_due_on,
        due_on=bill.due_on,
        liability_on=bill.liability_on,
        steps=assess_again(bill.facts, tables=dated_tables()).steps,
        today=on_day(bill=bill, on=clock.local_date(at)),
        filed="filed_on" in bill.facts,
    )


def issued_on(*, bill_id: int) -> date | None:
    """The day on which a bill was issued; None where the caller may not see it."""
    found = Bill.objects.filter(pk=bill_id).values_list("issued_at", flat=True).first()
    return clock.local_date(found) if found else None


def bill_on_day(*, bill_id: int, on: date) -> OnDay:
    """What a bill owes if it is paid on a day, with the steps and their articles. Raises NoSuchBill."""
    bill = Bill.objects.filter(pk=bill_id).first()
    if bill is None:
        raise NoSuchBill(bill_id)
    return on_day(bill=bill, on=on)


def _newest(bills: QuerySet[Bill], most: int) -> list[Any]:
    return _rows(bills.order_by("-due_on", "-id")[:most])


def _rows(bills: QuerySet[Bill]) -> list[Any]:
    """Named tuples of `LISTED`."""
    return list(bills.values_list(*LISTED, named=True))


def _summaries(bills: Sequence[Any], *, at: datetime) -> list[BillSummary]:
    sums = owed(bill_ids=[bill.pk for bill in bills], at=at)
    today = clock.local_date(at)
    pauses = deferrals_of(bill_ids=[bill_id for bill_id, sum_ in sums.items() if sum_.ever_deferred and sum_.total])
    due = {bill.pk: moved_due(due=bill.due_on, deferrals=pauses.get(bill.pk, ())) for bill in bills}
    return [
        BillSummary(
            id=bill.pk,
            taxpayer_id=bill.taxpayer_id,
            tax=bill.tax_id,
            tax_ko=bill.tax__name_ko,
            tax_en=bill.tax__name_en,
            body=bill.body_id,
            body_ko=bill.body__name_ko,
            body_en=bill.body__name_en,
            tax_year=bill.tax_year,
            term=bill.term,
            object_ref=bill.object_ref,
            status=bill.status,
            amount=bill.amount,
            due_on=due[bill.pk],
            overdue=due[bill.pk] < today and sums[bill.pk].total > 0,
            deferred=any(pause.from_on <= today <= pause.until_on for pause in pauses.get(bill.pk, ())),
            owed=sums[bill.pk],
        )
        for bill in bills
    ]
