"""Telling the bank to debit. The attempt says what; its reference makes that once for ever."""

from __future__ import annotations

from datetime import datetime

from core.clock import local_date
from payments import selectors
from payments.falling_due import due_amounts
from payments.gateways import registry
from payments.gateways.base import GatewayPayment, Order, Outcome
from payments.models import Attempt, DebitTry
from payments.states import Channel, MandateStatus


def say_debit(attempt: Attempt) -> Outcome[GatewayPayment]:
    """Debit what the attempt says, or hear what became of it. Runs outside any transaction."""
    mandate = DebitTry.objects.select_related("debit__mandate").get(attempt=attempt).debit.mandate
    order = Order(attempt.reference, attempt.amount, debit_title(attempt), attempt.language)
    return registry.gateway(attempt.gateway).debit(mandate_key=mandate.gateway_key, order=order)


def debit_title(attempt: Attempt) -> str:
    """What the payer reads on the bank's statement: the tax and its period, no name."""
    bills = [item.bill_id for item in attempt.items.all()]
    shown = selectors.payable(bill_ids=bills, on=local_date(attempt.created_at))
    titles = [f"{bill.tax_ko if attempt.language == 'ko' else bill.tax_en} {bill.year}-{bill.term}" for bill in shown]
    return ", ".join(titles)[:100] or "ETAX"


def may_be_said_again(attempt: Attempt, *, at: datetime) -> bool:
    """Whether a debit that the bank has not heard of is still wanted: on its day, for what is owed, by a mandate in
    force."""
    if attempt.channel != Channel.AUTOMATIC_DEBIT or attempt.status != "created" or attempt.expires_at <= at:
        return False
    debit = DebitTry.objects.select_related("debit__mandate").get(attempt=attempt).debit
    pair = (debit.bill_id, debit.due_on)
    owed = due_amounts([pair], on=local_date(at)).get(pair)
    return debit.mandate.status == MandateStatus.ACTIVE and owed == attempt.amount
