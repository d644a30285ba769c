"""Reads of refunds, each as far as the running session may see; amounts in won."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.selectors import taxpayer_facts
from billing.rules.steps import Step
from billing.selectors import all_taxes
from billing.selectors.city import dated_tables
from core import clock
from refunds import explain
from refunds.models import Decision, Leg, Payee, Refund, SetOff
from refunds.services.payee import banks
from refunds.states import COLOURS, UNDECIDED, Cause, LegStatus, PayeeStatus, Status, Way

MOST: Final = 500
LAST_DIGITS: Final = 4


class NoSuchRefund(LookupError):
    """There is no such refund, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class RefundSummary:
    """A refund in a list; `total` with interest, as of `figures_on` until it is approved."""

    id: int
    reference: str
    taxpayer_id: int | None
    name: str
    tax_ko: str
    tax_en: str
    bill_id: int | None
    amount: int
    interest: int
    cause: str
    status: str
    way: str
    opened_at: datetime
    decide_by: date
    expires_on: date
    figures_on: date | None
    duplicate: bool = False
    sampled: bool = False
    assessed_by: int | None = None
    approved_by: int | None = None
    asked: bool = False  # its owner has said how it shall go back

    @property
    def total(self) -> int:
        return self.amount + self.interest

    @property
    def label(self) -> str:
        return str(Status(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[Status(self.status)]

    @property
    def why(self) -> str:
        return str(Cause(self.cause).label)

    @property
    def goes(self) -> str:
        return str(Way(self.way).label) if self.way else ""

    @property
    def waits(self) -> bool:
        """Whether nothing of it has been paid out, and some may be."""
        return self.status in {*UNDECIDED, Status.APPROVED}

    @property
    def open(self) -> bool:
        return self.status in UNDECIDED and self.approved_by is None

    @property
    def late(self) -> bool:
        """Nobody has decided until the day on which it should have been (pack)."""
        return self.status in UNDECIDED and self.decide_by < clock.local_date(clock.now())


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A step of a refund's course."""

    label: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaidOut:
    """A part that left, or will: the account shows its last digits only."""

    label: str
    status: str
    amount: int
    account: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SetOffShown:
    """A bill that was, or will be, paid out of it."""

    bill_id: int
    amount: int
    as_of: date
    by_law: bool


@dataclass(frozen=True, kw_only=True)
class RefundDetail:
    """One refund with its explanation and course."""

    summary: RefundSummary
    body: str
    arose_on: date
    event_on: date | None
    final_on: date | None
    told_by: str
    requested_on: date | None
    arrived_on: date | None
    by_card: bool
    to_bill: int | None
    steps: tuple[Step, ...]
    set_offs: tuple[SetOffShown, ...]
    legs: tuple[PaidOut, ...]
    course: tuple[Happened, ...]
    left: int
    note: str
    needs_third: bool
    lost: int


@dataclass(frozen=True, kw_only=True)
class PayeeShown:
    """An account for refunds; never more of its number than the last digits."""

    bank: str
    ending: str
    status: str
    usable_at: datetime | None
    problem: str

    @property
    def label(self) -> str:
        return str(PayeeStatus(self.status).label)


def mine() -> list[RefundSummary]:
    """Every refund that the public face's session may see, the newest first."""
    return summaries(Refund.objects.order_by("-id")[:MOST])


def refund_detail(refund_id: int) -> RefundDetail:
    """One refund. Raises NoSuchRefund."""
    row = Refund.objects.filter(pk=refund_id).first()
    if row is None:
        raise NoSuchRefund(refund_id)
    (summary,) = summaries([row])
    return RefundDetail(
        summary=summary,
        body=row.body_id,
        arose_on=row.arose_on,
        event_on=row.event_on,
        final_on=row.final_on,
        told_by=row.told_by,
        requested_on=row.requested_on,
        arrived_on=row.arrived_on,
        by_card=row.by_card,
        to_bill=row.to_bill_id,
        steps=tuple(explain.read(row.steps)),
        set_offs=_set_offs(row),
        legs=tuple(_leg(leg) for leg in Leg.objects.filter(refund=row).order_by("pk")),
        course=tuple(_course(row)),
        left=int(row.plan.get("principal_left", 0)) + int(row.plan.get("interest_left", 0)),
        note=row.note,
        needs_third=row.needs_third,
        lost=row.lost,
    )


def summaries(rows: Sequence[Refund] | QuerySet[Refund], *, marked: bool = False) -> list[RefundSummary]:
    """Refunds as a list shows them; `marked`: duplicates and the sample, for the office."""
    found = list(rows)
    taxes = {tax.code: tax for tax in all_taxes()}
    people = taxpayer_facts([row.taxpayer_id for row in found if row.taxpayer_id])
    rules = dated_tables().at("refund_desk", clock.local_date(clock.now())).body
    twice = _duplicates(found) if marked else frozenset()
    return [
        RefundSummary(
            id=row.pk,
            reference=row.reference,
            taxpayer_id=row.taxpayer_id,
            name=people[row.taxpayer_id].name if row.taxpayer_id in people else "",
            tax_ko=taxes[row.tax].name_ko if row.tax in taxes else "",
            tax_en=taxes[row.tax].name_en if row.tax in taxes else "",
            bill_id=row.bill_id,
            amount=row.available,
            interest=row.interest,
            cause=row.cause,
            status=row.status,
            way=row.way,
            opened_at=row.opened_at,
            decide_by=clock.local_date(row.opened_at) + timedelta(days=rules["decide_within_days"]),
            expires_on=row.expires_on,
            figures_on=row.figures_on,
            duplicate=row.pk in twice,
            sampled=row.pk % rules["sample_every"] == 0,
            assessed_by=row.assessed_by_id,
            approved_by=row.approved_by_id,
            asked=row.asked_by_id is not None,
        )
        for row in found
    ]


def _duplicates(rows: Collection[Refund]) -> frozenset[int]:
    """Refunds beside which the same taxpayer has another one of the same amount: perhaps one matter found twice."""
    people = {row.taxpayer_id for row in rows if row.taxpayer_id}
    alike = Refund.objects.filter(taxpayer__in=people).exclude(status=Status.REJECTED)
    counted = alike.values("taxpayer_id", "amount").annotate(many=Count("id")).filter(many__gt=1)
    keys = {(row["taxpayer_id"], row["amount"]) for row in counted}
    return frozenset(row.pk for row in rows if (row.taxpayer_id, row.amount) in keys)


def _set_offs(row: Refund) -> tuple[SetOffShown, ...]:
    done = SetOff.objects.filter(refund=row).order_by("pk")
    if done or row.status not in UNDECIDED:
        return tuple(
            SetOffShown(
                bill_id=one.bill_id, amount=one.principal + one.interest, as_of=one.effective_on, by_law=one.by_law
            )
            for one in done
        )
    return tuple(
        SetOffShown(
            bill_id=one["bill_id"],
            amount=one["principal"] + one["interest"],
            as_of=date.fromisoformat(one["as_of"]),
            by_law=one["by_law"],
        )
        for one in row.plan.get("set_offs", ())
    )


def _leg(leg: Leg) -> PaidOut:
    account = f"{banks().get(leg.bank, leg.bank)} …{leg.number[-LAST_DIGITS:]}" if leg.number else ""
    way = str(Way(leg.way).label)
    at = leg.ended_at or leg.sent_at or leg.made_at
    return PaidOut(label=way, status=str(LegStatus(leg.status).label), amount=leg.amount, account=account, at=at)


def _course(row: Refund) -> list[Happened]:
    first = Happened(label=str(Status.OPENED.label), at=row.opened_at, reason="")
    rows = Decision.objects.filter(refund=row).order_by("pk")
    return [
        first,
        *(Happened(label=str(Status(one.became).label), at=one.decided_at, reason=one.reason) for one in rows),
    ]


def payee_of(taxpayer_id: int) -> list[PayeeShown]:
    """The account in force and the one that is being asked about, the newest first; at most the last refused one."""
    names = banks()
    rows = Payee.objects.filter(taxpayer_id=taxpayer_id).exclude(status=PayeeStatus.REPLACED).order_by("-pk")
    return [
        PayeeShown(
            bank=names.get(row.bank, row.bank),
            ending=row.number[-LAST_DIGITS:],
            status=row.status,
            usable_at=row.usable_at,
            problem=row.problem,
        )
        for row in rows[:3]
    ]


def queue(*, status: str, text: str = "") -> QuerySet[Refund]:
    """What waits at the desk, the oldest first; or everything in one state. `text`: a reference."""
    rows = Refund.objects.order_by("opened_at", "pk")
    if text:
        return rows.filter(reference=text.strip().upper())
    return rows.filter(status=status)


def unclaimed() -> QuerySet[Refund]:
    """Refunds that nobody asked for, and payments out that wait for an account; those that end first stand first."""
    waiting = Leg.objects.filter(status=LegStatus.WAITING).values("refund_id")
    rows = Refund.objects.filter(Q(status__in=UNDECIDED, way="") | Q(pk__in=waiting))
    return rows.order_by("expires_on", "pk")


@dataclass(frozen=True, kw_only=True)
class StateCount:
    """How many refunds are in a state, and what they come to."""

    status: str
    many: int
    amount: int

    @property
    def label(self) -> str:
        return str(Status(self.status).label)


def by_state() -> list[StateCount]:
    """All states of the officer's bodies, also those in which there is none."""
    rows = Refund.objects.values("status").annotate(many=Count("id"), won=Sum(F("amount") - F("lost") + F("interest")))
    found: dict[str, Any] = {row["status"]: row for row in rows}
    return [
        StateCount(
            status=status, many=found.get(status, {}).get("many", 0), amount=int(found.get(status, {}).get("won") or 0)
        )
        for status in Status.values
    ]


def by_age(*, at: datetime) -> list[tuple[str, int]]:
    """Undecided refunds by how long they wait: up to 7, 30, 90 days, and longer."""
    rows = Refund.objects.filter(status__in=UNDECIDED)
    edges = [("7", 0, 7), ("30", 7, 30), ("90", 30, 90), ("", 90, 100_000)]
    return [
        (name, rows.filter(opened_at__lte=at - timedelta(days=low), opened_at__gt=at - timedelta(days=high)).count())
        for name, low, high in edges
    ]
