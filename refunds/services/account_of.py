"""Into which account a payment out goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from payments import suspended
from payments.services import Creditor, fits_a_message
from refunds.models import Destination, Payee, Refund
from refunds.states import DeskStatus, LegStatus, PayeeStatus

SUSPENSE: Final = "suspense:"
NOWHERE: Final[dict[str, Any]] = {"payee": None, "bank": "", "number": "", "holder": ""}


def account_of(refund: Refund, *, at: datetime) -> dict[str, Any]:
    """Where a payment out goes: into the verified account of the taxpayer, once it may be used.

    Money that was for no bill goes into the account that it came from, unless two officers named another.
    """
    if refund.taxpayer_id is None:
        to = sender_of(refund)
        if not fits_a_message(to):
            return {"status": LegStatus.WAITING}
        return {"status": LegStatus.READY, "bank": to.bank, "number": to.account, "holder": to.holder}
    payee = usable_payees(at=at).filter(taxpayer_id=refund.taxpayer_id).first()
    return {"status": LegStatus.WAITING} if payee is None else into(payee)


def into(payee: Payee) -> dict[str, Any]:
    """What a payment out keeps of the account that it goes to."""
    return {
        "status": LegStatus.READY,
        "payee": payee,
        "bank": payee.bank,
        "number": payee.number,
        "holder": payee.named,
    }


def usable_payees(*, at: datetime) -> QuerySet[Payee]:
    """Accounts into which money may go now. One that took another's place has waited, and everybody was told of it."""
    rows = Payee.objects.filter(status=PayeeStatus.VERIFIED, usable_at__lte=at)
    return rows.filter(Q(replaces=None) | Q(told_at__isnull=False))


def sender_of(refund: Refund) -> Creditor:
    """The account that two officers named last, else the one that the money came from."""
    named = Destination.objects.filter(refund=refund, status=DeskStatus.DONE).order_by("-pk").first()
    if named is not None:
        return Creditor(named.bank, named.number, named.holder)
    case = suspended.to_return(case_id=int(refund.source.removeprefix(SUSPENSE)))
    digits = "".join(letter for letter in case.number if letter in "0123456789")
    return Creditor(case.bank.zfill(3), digits, case.holder)
