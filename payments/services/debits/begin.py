"""What is to be debited now becomes payment attempts, before any bank hears of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.clock import local_date
from core.identifiers import new_reference
from payments.falling_due import due_amounts, moments_of, schedule
from payments.models import Attempt, AttemptItem, Debit, DebitTry, GatewayHealth
from payments.rules.asking import FIRST
from payments.services.begin import link_secret
from payments.services.debits.conclude import ended_without_owing
from payments.states import Channel, DebitStatus, MandateStatus, Status

# A due date that went by while no worker ran is made up for, so long.
CATCH_UP: Final = timedelta(days=7)


def make_debits(*, until: datetime) -> int:
    """Write down what falls due by a moment's day and is to be debited; how many were new. Repeatable."""
    last = local_date(until)
    if schedule(on=last) is None:
        return 0
    days = [day for back in range(CATCH_UP.days + 1) if schedule(on=(day := last - timedelta(days=back)))]
    firsts = moments_of(days)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_make_debits(%s::date[], %s::timestamptz[])", [days, [firsts[day][0] for day in days]]
        )
        return int(cursor.fetchone()[0])


def begin_debits(*, at: datetime, until: datetime, most: int) -> list[Attempt] | None:
    """Take up to `most` debits whose moment has come by `until` and write an attempt of exactly what each owes at `at`.

    None: nothing is due. Several workers share the work; one that is killed leaves attempts that the sweep asks about.
    """
    with transaction.atomic():
        debits = _one_a_bill(_due(at, until)[:most])
        if not debits:
            return None
        owed = due_amounts([(one.bill_id, one.due_on) for one in debits], on=local_date(at))
        begun = []
        for debit in debits:
            amount = owed.get((debit.bill_id, debit.due_on), 0)
            if debit.mandate.status != MandateStatus.ACTIVE:
                debit.status = DebitStatus.FAILED
            elif not amount:
                debit.status = ended_without_owing(debit)
            else:
                debit.status, debit.tries_made = DebitStatus.TRYING, debit.tries_made + 1
                begun.append((debit, _attempt(debit, amount, at)))
            debit.next_at = None
        _write(begun)
        Debit.objects.bulk_update(debits, ["status", "tries_made", "next_at"])
    return [attempt for _, attempt in begun]


def _due(at: datetime, until: datetime) -> QuerySet[Debit]:
    """Not while the bank does not answer, nor while another payment of the bill is just being confirmed."""
    resting = GatewayHealth.objects.filter(rests_until__gt=at).values("gateway")
    others = AttemptItem.objects.filter(bill=OuterRef("bill"), live=True)
    busy = others.filter(attempt__status=Status.CONFIRMING) | others.filter(channel=Channel.AUTOMATIC_DEBIT)
    return (
        Debit.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(~Exists(busy), status=DebitStatus.DUE, next_at__lte=until)
        .exclude(mandate__gateway__in=resting)
        .select_related("mandate")
        .order_by("next_at", "pk")
    )


def _one_a_bill(debits: Iterable[Debit]) -> list[Debit]:
    """Of two parts of a plan that are to be debited at once the second waits for what the first leaves."""
    first: dict[int, Debit] = {}
    for one in debits:
        first.setdefault(one.bill_id, one)
    return list(first.values())


def _attempt(debit: Debit, amount: int, at: datetime) -> Attempt:
    """`expires_at`: the amount holds for the day only, since the next may bring a surcharge."""
    reference = new_reference("PAY")
    tomorrow = datetime.combine(local_date(at) + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))
    return Attempt(
        reference=reference,
        channel=Channel.AUTOMATIC_DEBIT,
        gateway=debit.mandate.gateway,
        amount=amount,
        account_id=debit.mandate.asked_by_id,
        session_mark="automatic_debit",
        idempotency_key=f"{debit.pk}-{debit.tries_made}",
        language=debit.mandate.language,
        token_hash=hashlib.sha256(link_secret(reference).encode()).digest(),
        bank=debit.mandate.bank,
        expires_at=tomorrow,
        created_at=at,
        ask_at=at + FIRST,
    )


def _write(begun: Sequence[tuple[Debit, Attempt]]) -> None:
    Attempt.objects.bulk_create(attempt for _, attempt in begun)
    AttemptItem.objects.bulk_create(
        AttemptItem(attempt=attempt, bill_id=debit.bill_id, channel=attempt.channel, amount=attempt.amount)
        for debit, attempt in begun
    )
    DebitTry.objects.bulk_create(
        DebitTry(debit=debit, number=debit.tries_made, attempt=attempt) for debit, attempt in begun
    )
