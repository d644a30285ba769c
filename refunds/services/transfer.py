"""Payments into accounts: payments puts them into the bank's file of the day and tells what the bank says."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from core.one_by_one import one_by_one
from core.states import move
from ledger.services import Purpose
from payments import sent
from payments.services import Creditor, Owed, TransferPurpose, UnableToOrderTransfer, clearing_code, order_transfer
from refunds.models import Destination, Leg, Recovery
from refunds.services import books
from refunds.services.account_of import usable_payees
from refunds.services.carry_out import make_leg
from refunds.services.notice import state_notice
from refunds.services.send import end, goes_elsewhere, hold_leg, put_back
from refunds.services.standing import claimed_back, interest_out, settle_state, still_owed
from refunds.states import LEG_TRANSITIONS, DeskStatus, LegStatus, RecoveryWay, Status, Way

AT_ONCE: Final = 500
# What stands on the receiver's statement.
TEXT: Final = "지방세환급 {reference}"


def send_by_transfer(*, at: datetime) -> int:
    """Order a transfer for every payment out that is ready; how many."""
    ready = Leg.objects.filter(by_gateway=False, way=Way.ACCOUNT, status=LegStatus.READY).order_by("id")
    return one_by_one(list(ready.values_list("pk", flat=True)[:AT_ONCE]), _order, at=at)


def _order(leg_id: int, at: datetime) -> bool:
    """In one transaction with the books: from here on the refund is no longer payable, but on its way."""
    with transaction.atomic():
        leg = hold_leg(leg_id)
        if leg.status != LegStatus.READY:
            return False
        if goes_elsewhere(leg):
            put_back(leg)
            return False
        refund = leg.refund
        try:
            made = order_transfer(
                purpose=TransferPurpose.REFUND,
                key=leg.transfer_key,
                to=Creditor(clearing_code(leg.bank), leg.number, leg.holder),
                amount=leg.amount,
                text=TEXT.format(reference=refund.reference),
                owed=Owed(refund.body_id, refund.tax, Purpose.REFUND_PAYABLE),
                at=at,
            )
        except UnableToOrderTransfer as error:
            put_back(leg, problem=type(error).__name__)
            return False
        facts = {"sent_at": at, "transfer": str(made)}
        move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=LegStatus.READY, new=LegStatus.SENT, **facts)
    return True


def hear_of_transfer(*, key: str, at: datetime) -> None:
    """A statement shows that it left, or the bank rejected it or sent it back: the transfer itself says which.

    Told again it changes nothing.
    """
    number = key.removeprefix("leg:")
    known = Leg.objects.exclude(transfer="").filter(pk=int(number)).first() if number.isdecimal() else None
    fate = sent.fate_of(purpose=TransferPurpose.REFUND, key=key)
    if known is None or fate is None or not (fate.left or fate.came_back):
        return
    became = LegStatus.RETURNED if fate.came_back else LegStatus.PAID
    with transaction.atomic():
        leg = hold_leg(known.pk)
        if became in LEG_TRANSITIONS[LegStatus(leg.status)]:
            if fate.came_back:
                _settle_claim(leg, at)
            end(leg, became, at=at, problem=fate.reason if fate.came_back else "")
            if fate.came_back:
                state_notice(refund_id=leg.refund_id, occasion=f"returned-{leg.pk}", at=at)


def _settle_claim(leg: Leg, at: datetime) -> None:
    """What is claimed back and came back by itself is no longer claimed, nor owed again."""
    part = min(claimed_back(leg.refund), leg.principal)
    if part > 0:
        done = {"status": DeskStatus.DONE, "asked_at": at, "decided_at": at}
        Recovery.objects.create(refund=leg.refund, leg=leg, amount=part, way=RecoveryWay.RETURNED, **done)
        books.sent_back(leg.refund, leg, part, at=at)


def pay_again(*, at: datetime) -> int:
    """What came back goes into the account that was named since; how many payments out."""
    open_ones = (Status.PAYING, Status.RETURNED, Status.UNKNOWN)
    came_back = Leg.objects.filter(status=LegStatus.RETURNED, again=None, refund__status__in=open_ones).filter(
        Q(refund__taxpayer__in=usable_payees(at=at).values("taxpayer_id")) | Q(refund__taxpayer=None)
    )
    return one_by_one(list(came_back.order_by("pk").values_list("pk", flat=True)), _pay_again, at=at)


def _pay_again(leg_id: int, at: datetime) -> bool:
    with transaction.atomic():
        leg = hold_leg(leg_id)
        refund = leg.refund
        principal = min(leg.principal, max(still_owed(refund), 0))
        interest = min(leg.interest, refund.interest - interest_out(refund))
        if not principal + interest or Leg.objects.filter(again_for=leg).exists() or not _another_account(leg, at):
            return False
        make_leg(refund, Way.ACCOUNT, principal, interest, at=at, again_for=leg)
        settle_state(refund.pk, at=at)
    return True


def _another_account(leg: Leg, at: datetime) -> bool:
    """Whether one was named since that is not the one from which it came back."""
    if leg.refund.taxpayer_id is None:
        since = Destination.objects.filter(refund=leg.refund, status=DeskStatus.DONE, decided_at__gte=leg.ended_at)
        return since.exists()
    usable = usable_payees(at=at).filter(taxpayer_id=leg.refund.taxpayer_id)
    return usable.exclude(pk=leg.payee_id or 0).exists()
