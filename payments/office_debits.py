"""Reads for the office's pages about automatic debit; what an officer may see, row-level security decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Max

from accounts.selectors.taxpayers import TaxpayerFacts, find_taxpayers
from payments.models import Debit, DebitTry, Mandate
from payments.own_debits import MandateShown, shown
from payments.services.debits.conclude import reason_of
from payments.states import DebitStatus, MandateStatus

MOST_LISTED: Final = 200


@dataclass(frozen=True)
class StatusCount:
    label: str
    count: int


@dataclass(frozen=True)
class OpenDebit:
    """A debit that is not done: its last attempt, why it failed, and when it is tried next."""

    taxpayer_id: int
    bill_id: int
    epay_number: str
    label: str
    tries: int
    reference: str
    amount: int
    why: str
    word: str
    next_at: datetime | None


@dataclass(frozen=True)
class DebitDay:
    """What fell due on a day by mandate: how many in each state, and those that are not done, at most 200."""

    counts: tuple[StatusCount, ...]
    open: tuple[OpenDebit, ...]
    more: int


@dataclass(frozen=True)
class FoundMandate:
    """A mandate as an officer finds it by its taxpayer."""

    id: int
    taxpayer: TaxpayerFacts
    mandate: MandateShown
    asked_at: datetime
    end_reason: str
    debits: int


def days_with_debits(*, most: int = 10) -> list[date]:
    """The last days on which something fell due by mandate."""
    days = Debit.objects.order_by("-due_on").values_list("due_on", flat=True).distinct()
    return list(days[:most])


def debit_day(*, day: date) -> DebitDay:
    rows = Debit.objects.filter(due_on=day)
    counted = dict(rows.values_list("status").annotate(Count("pk")).order_by())
    counts = tuple(StatusCount(str(status.label), counted[status]) for status in DebitStatus if counted.get(status))
    unfinished = rows.exclude(status__in=(DebitStatus.DONE, DebitStatus.NOT_NEEDED))
    listed = list(unfinished.select_related("mandate", "bill").order_by("next_at", "pk")[:MOST_LISTED])
    last = _last_tries(listed)
    left = sum(counted.get(status, 0) for status in (DebitStatus.DUE, DebitStatus.TRYING, DebitStatus.FAILED))
    return DebitDay(counts, tuple(_open(one, last.get(one.pk)) for one in listed), left - len(listed))


def find_mandates(*, text: str) -> list[FoundMandate]:
    """Mandates of a taxpayer by the record's number or exact name, the youngest first."""
    taxpayers = {one.id: one for one in find_taxpayers(text.strip())}
    rows = Mandate.objects.filter(taxpayer__in=taxpayers).annotate(Count("debits")).order_by("-pk")
    return [
        FoundMandate(row.pk, taxpayers[row.taxpayer_id], shown(row), row.asked_at, row.end_reason, row.debits__count)
        for row in rows[:MOST_LISTED]
    ]


def mandate_in_force(mandate_id: int) -> FoundMandate | None:
    """One that the officer may see and that is in force."""
    row = Mandate.objects.filter(pk=mandate_id, status=MandateStatus.ACTIVE).first()
    found = find_taxpayers(str(row.taxpayer_id)) if row else []
    if row is None or not found:
        return None
    return FoundMandate(row.pk, found[0], shown(row), row.asked_at, row.end_reason, row.debits.count())


def _last_tries(debits: list[Debit]) -> dict[int, DebitTry]:
    newest = DebitTry.objects.filter(debit__in=debits).values("debit").annotate(newest=Max("pk"))
    tries = DebitTry.objects.filter(pk__in=newest.values("newest")).select_related("attempt")
    return {one.debit_id: one for one in tries}


def _open(debit: Debit, last: DebitTry | None) -> OpenDebit:
    attempt = last.attempt if last else None
    failure = attempt.failure if attempt else ""
    return OpenDebit(
        taxpayer_id=debit.mandate.taxpayer_id,
        bill_id=debit.bill_id,
        epay_number=debit.bill.epay_number,
        label=str(DebitStatus(debit.status).label),
        tries=debit.tries_made,
        reference=attempt.reference if attempt else "",
        amount=attempt.amount if attempt else 0,
        why=reason_of(gateway=attempt.gateway, failure=failure).value if attempt and failure else "",
        word=failure,
        next_at=debit.next_at,
    )
