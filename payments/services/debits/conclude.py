"""What became of a debit, from the state of its attempt: done, to be tried again, or failed; and who is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from core import audit, outbox
from core.clock import local_date
from core.states import move
from payments.events import DEBIT_FAILED
from payments.falling_due import due_amounts, moments_of
from payments.gateways import registry
from payments.gateways.mandate import DebitRefusal
from payments.models import Debit, DebitLetter, DebitTry, Mandate
from payments.rules.debit_days import next_moment
from payments.states import DEBIT_TRANSITIONS, LIVE, DebitNews, DebitStatus, MandateStatus, Status

AT_ONCE: Final = 500
# So long a failed debit is looked at again for money that came after all.
LATE_SUCCESS: Final = timedelta(days=30)


def conclude_debits(*, at: datetime, after: datetime) -> int:
    """Move every debit whose attempt has ended; a further try lies after `after`. How many moved."""
    count = 0
    while True:
        with transaction.atomic():
            tries = list(
                DebitTry.objects.select_for_update(skip_locked=True, of=("debit",), no_key=True)
                .filter(debit__status=DebitStatus.TRYING)
                .exclude(attempt__status__in=LIVE)
                .exclude(Exists(DebitTry.objects.filter(debit=OuterRef("debit"), number__gt=OuterRef("number"))))
                .select_related("attempt", "debit__mandate")
                .order_by("debit_id")[:AT_ONCE]
            )
            known = moments_of(one.debit.due_on for one in tries)
            owed = due_amounts([(one.debit.bill_id, one.debit.due_on) for one in tries], on=local_date(at))
            for one in tries:
                if one.attempt.status == Status.PAID:
                    _move(one.debit, DebitStatus.DONE)
                elif owed.get((one.debit.bill_id, one.debit.due_on)):
                    _not_debited(one, known[one.debit.due_on], at=at, after=after)
                else:
                    _doubt_mandate(one, at=at)
                    _move(one.debit, ended_without_owing(one.debit))
        count += len(tries)
        if len(tries) < AT_ONCE:
            return count


def conclude_late_successes(*, at: datetime) -> int:
    """The bank debited although it had said no before, or we had given up asking. How many."""
    since: date = local_date(at) - LATE_SUCCESS
    paid = DebitTry.objects.filter(debit=OuterRef("pk"), attempt__status=Status.PAID)
    late = Debit.objects.filter(
        Exists(paid), status__in=(DebitStatus.FAILED, DebitStatus.DUE), tries_made__gt=0, due_on__gte=since
    )
    return late.update(status=DebitStatus.DONE, next_at=None)


def reason_of(*, gateway: str, failure: str) -> DebitRefusal:
    """What the bank's own word for a refusal means."""
    try:
        return registry.gateway(gateway).refusals.get(failure, DebitRefusal.OTHER)
    except registry.UnknownGateway:
        return DebitRefusal.OTHER


def ended_without_owing(debit: Debit) -> DebitStatus:
    """How a debit ends that has nothing more to take: by one of its tries, or because it came in another way."""
    paid = DebitTry.objects.filter(debit=debit, attempt__status=Status.PAID).exists()
    return DebitStatus.DONE if paid else DebitStatus.NOT_NEEDED


def _doubt_mandate(one: DebitTry, *, at: datetime) -> DebitRefusal:
    """Whether the bank still holds the mandate, it must say itself, unless there only was too little money."""
    reason = reason_of(gateway=one.attempt.gateway, failure=one.attempt.failure)
    if reason != DebitRefusal.FUNDS:
        Mandate.objects.filter(pk=one.debit.mandate_id, status=MandateStatus.ACTIVE).update(ask_at=at)
    return reason


def _not_debited(one: DebitTry, moments: tuple[datetime, ...], *, at: datetime, after: datetime) -> None:
    debit, attempt = one.debit, one.attempt
    mandate = Mandate.objects.get(pk=debit.mandate_id)
    again = next_moment(of=moments, after=after) if mandate.status == MandateStatus.ACTIVE else None
    if again is None:
        _move(debit, DebitStatus.FAILED)
    else:
        move(Debit, debit.pk, transitions=DEBIT_TRANSITIONS, old=DebitStatus.TRYING, new=DebitStatus.DUE, next_at=again)
    DebitLetter.objects.get_or_create(
        debit_try=one, defaults={"mandate": mandate, "kind": DebitNews.FAILED, "again_at": again, "written_at": at}
    )
    reason = _doubt_mandate(one, at=at)
    outbox.publish(DEBIT_FAILED, debit_id=debit.pk, bill_id=debit.bill_id, again_at=again)
    audit.record(
        action="payment.debit_failed",
        subject=f"attempt:{attempt.reference}",
        taxpayer_id=mandate.taxpayer_id,
        details={"debit": debit.pk, "try": one.number, "why": reason.value, "again_at": again},
    )


def _move(debit: Debit, new: DebitStatus) -> None:
    move(Debit, debit.pk, transitions=DEBIT_TRANSITIONS, old=DebitStatus(debit.status), new=new, next_at=None)
