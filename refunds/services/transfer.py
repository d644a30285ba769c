"""Payments into accounts: payments puts them into the bank's file of the day and tells what the bank says."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from core.states import move
from ledger.services import Purpose
from payments.services import Creditor, Owed, TransferPurpose, UnableToOrderTransfer, order_transfer
from refunds.models import Leg, Payee
from refunds.services.carry_out import make_leg
from refunds.services.send import end, settle_state
from refunds.states import LEG_TRANSITIONS, LegStatus, PayeeStatus, Way

AT_ONCE: Final = 500
# What stands on the receiver's statement.
TEXT: Final = "지방세환급 {reference}"


def send_by_transfer(*, at: datetime) -> int:
    """Order a transfer for every payment out that is ready; how many."""
    ready = Leg.objects.filter(by_gateway=False, way=Way.ACCOUNT, status=LegStatus.READY).order_by("id")
    return sum(_order(pk, at) for pk in ready.values_list("pk", flat=True)[:AT_ONCE])


def _order(leg_id: int, at: datetime) -> bool:
    """In one transaction with the books: from here on the refund is no longer payable, but on its way."""
    with transaction.atomic():
        leg = Leg.objects.select_for_update().select_related("refund").get(pk=leg_id)
        if leg.status != LegStatus.READY:
            return False
        refund = leg.refund
        try:
            made = order_transfer(
                purpose=TransferPurpose.REFUND,
                key=f"leg:{leg.pk}",
                to=Creditor(leg.bank.zfill(3), leg.number, leg.holder),
                amount=leg.amount,
                text=TEXT.format(reference=refund.reference),
                owed=Owed(refund.body_id, refund.tax, Purpose.REFUND_PAYABLE),
                at=at,
            )
        except UnableToOrderTransfer as error:
            facts = {"payee": None, "bank": "", "number": "", "holder": "", "problem": type(error).__name__}
            move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=LegStatus.READY, new=LegStatus.WAITING, **facts)
            return False
        sent = LegStatus.SENT
        move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=LegStatus.READY, new=sent, sent_at=at, transfer=str(made))
    return True


def hear_of_transfer(*, key: str, became: LegStatus, reason: str, at: datetime) -> None:
    """A statement shows that it left, or the bank rejected it or sent it back. Told again it changes nothing."""
    with transaction.atomic():
        leg_id = int(key.removeprefix("leg:"))
        leg = Leg.objects.select_for_update().select_related("refund").filter(pk=leg_id).first()
        if leg is not None and became in LEG_TRANSITIONS[LegStatus(leg.status)]:
            end(leg, became, at=at, problem=reason)


def pay_again(*, at: datetime) -> int:
    """What came back goes into the account that was named since; how many payments out."""
    came_back = Leg.objects.filter(status=LegStatus.RETURNED, refund__taxpayer__isnull=False).order_by("pk")
    done = 0
    for leg in list(came_back.select_related("refund")[:AT_ONCE]):
        with transaction.atomic():
            refund = leg.refund.__class__.objects.select_for_update().get(pk=leg.refund_id)
            usable = Payee.objects.filter(
                taxpayer_id=refund.taxpayer_id or 0, status=PayeeStatus.VERIFIED, usable_at__lte=at
            ).exclude(pk=leg.payee_id or 0)
            later = Leg.objects.filter(refund=refund, pk__gt=leg.pk).exclude(status=LegStatus.REFUSED)
            if usable.exists() and not later.exists():
                make_leg(refund, Way.ACCOUNT, leg.principal, leg.interest, at=at)
                settle_state(refund.pk, at=at)
                done += 1
    return done
