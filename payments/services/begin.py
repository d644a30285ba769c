"""The beginning of every payment: what is owed is checked, and the attempt is written before any gateway is called."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import Refusal
from core.identifiers import new_reference
from payments import selectors
from payments.models import Attempt, AttemptItem, Basket, BasketItem
from payments.rules.allocation import Share, allocate
from payments.services.parts import part_allowed
from payments.states import Channel, Status


class BillNotToBePaid(Refusal):
    message = _("This bill can't be paid here. Look for it again with the electronic payment number.")


class BillAlreadyPaid(Refusal):
    message = _("This bill is paid. Nothing more is owed.")


class AmountChanged(Refusal):
    message = _("The amount of this bill has changed. Look at the bill again before you pay.")


class PaymentRunning(Refusal):
    message = _(
        "Somebody else is paying this bill at this moment. Look again in half an hour, or choose another way to pay."
    )


class ChannelClosed(Refusal):
    message = _("This way to pay is closed at this moment. Choose another one.")


class NotThisPart(Refusal):
    message = _("This part of the bill can't be paid by itself. Pay everything, or choose another amount.")


class Way(StrEnum):
    """How much of the bills is paid at once."""

    WHOLE = "whole"
    PART = "part"  # of one bill, where the law or the city allows it
    SPLIT = "split"  # everything, but only so much of it in this way


@dataclass(frozen=True)
class Wish:
    """What somebody chose on the page: the bills, what it said that they owe together, and the form's own key.

    `amount` is the part that is paid now where `way` is not the whole; `basket_id` is the basket whose rest that is.
    `payer` is the name of somebody who pays for the taxpayer.
    """

    bill_ids: Sequence[int]
    shown_amount: int
    form_key: str
    language: str
    way: Way = Way.WHOLE
    amount: int = 0
    basket_id: int | None = None
    payer: str = ""


def link_secret(reference: str) -> str:
    """The secret in the payer's link (160 bits): made from the reference, so that it is kept nowhere."""
    mark = hmac.new(settings.SECRET_KEY.encode(), b"payment link:" + reference.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark[:20]).decode().rstrip("=")


def begin(
    *, wish: Wish, channel: str, gateway: str, expires_at: datetime, ask_after: timedelta, at: datetime, bank: str = ""
) -> Attempt:
    """Write the attempt in a short transaction, or find the one that this form, or this person, already runs.

    Raises `BillNotToBePaid`, `BillAlreadyPaid`, `AmountChanged`, `NotThisPart` or `PaymentRunning`.
    """
    with transaction.atomic():
        mark, account_id = _who()
        known = Attempt.objects.filter(session_mark=mark, idempotency_key=wish.form_key).first()
        if known:
            return known
        items = items_to_pay(wish, at)
        reference = new_reference("PAY")
        try:
            with transaction.atomic():
                attempt = Attempt.objects.create(
                    reference=reference,
                    channel=channel,
                    gateway=gateway,
                    amount=sum(item.amount for item in items),
                    basket_id=_basket(wish, mark, account_id, at),
                    payer=wish.payer,
                    account_id=account_id,
                    session_mark=mark,
                    idempotency_key=wish.form_key,
                    language=wish.language,
                    token_hash=hashlib.sha256(link_secret(reference).encode()).digest(),
                    bank=bank,
                    gateway_key=reference if channel == Channel.MILEAGE else "",
                    expires_at=expires_at,
                    created_at=at,
                    ask_at=at + ask_after,
                )
                AttemptItem.objects.bulk_create(
                    AttemptItem(attempt=attempt, bill_id=item.bill_id, channel=channel, amount=item.amount)
                    for item in items
                )
            return attempt
        except IntegrityError:
            return _running(wish, mark, channel)


def _who() -> tuple[str, int | None]:
    """The mark of the running session and the account signed in to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_session_mark(), accounts_session_account()")
        mark, account_id = cursor.fetchone()
    if mark is None:
        raise BillNotToBePaid
    return mark, account_id


def items_to_pay(wish: Wish, at: datetime) -> list[Share]:
    """What of which bill the wish asks to pay, in the order in which money fills them."""
    bills = _bills_to_pay(wish, at)
    owed = [Share(bill.bill_id, bill.owed) for bill in bills]
    if wish.basket_id is not None:
        owed = rest_of(basket_id=wish.basket_id, owed=owed)
    together = sum(share.amount for share in owed)
    if together != wish.shown_amount:
        raise AmountChanged
    if wish.way == Way.WHOLE:
        return owed
    if not 0 < wish.amount < together or (wish.way == Way.PART and not _may_part(bills, wish.amount, at)):
        raise NotThisPart
    return allocate(items=owed, already=0, amount=wish.amount)


def _may_part(bills: Sequence[selectors.Payable], amount: int, at: datetime) -> bool:
    """A part is of one bill; of several, everything is paid, in one way or in two."""
    return len(bills) == 1 and part_allowed(bill=bills[0], amount=amount, at=at)


def rest_of(*, basket_id: int, owed: Sequence[Share]) -> list[Share]:
    """What is left of a basket's bills beside what its other ways still promise. Raises `BillAlreadyPaid`."""
    promised = dict(
        AttemptItem.objects.filter(attempt__basket_id=basket_id, live=True)
        .values_list("bill_id")
        .annotate(Sum("amount"))
    )
    left = [Share(share.bill_id, share.amount - promised.get(share.bill_id, 0)) for share in owed]
    if not any(share.amount > 0 for share in left):
        raise BillAlreadyPaid
    return [share for share in left if share.amount > 0]


def _basket(wish: Wish, mark: str, account_id: int | None, at: datetime) -> int | None:
    """The basket that this way of paying belongs to; a new one where it is the first of several."""
    if wish.way != Way.SPLIT or wish.basket_id is not None:
        return wish.basket_id
    basket = Basket.objects.create(account_id=account_id, session_mark=mark, amount=wish.shown_amount, created_at=at)
    bills = selectors.payable(bill_ids=wish.bill_ids, on=local_date(at))
    BasketItem.objects.bulk_create(
        BasketItem(basket=basket, bill_id=bill.bill_id, amount=bill.owed) for bill in bills if bill.owed
    )
    return basket.pk


def _bills_to_pay(wish: Wish, at: datetime) -> list[selectors.Payable]:
    bills = selectors.payable(bill_ids=wish.bill_ids, on=local_date(at))
    if not bills or len(bills) != len(set(wish.bill_ids)) or not all(bill.in_force for bill in bills):
        raise BillNotToBePaid
    if wish.basket_id is None and not all(bill.owed for bill in bills):
        raise BillAlreadyPaid
    return [bill for bill in bills if bill.owed]


def _running(wish: Wish, mark: str, channel: str) -> Attempt:
    """The attempt that stood in the way: this form's, or another of this person's; somebody else's is not shown."""
    same_form = Attempt.objects.filter(session_mark=mark, idempotency_key=wish.form_key)
    own = Attempt.objects.filter(
        items__bill_id__in=wish.bill_ids,
        items__live=True,
        channel=channel,
        status__in=(Status.CREATED, Status.WAITING, Status.CONFIRMING),
    )
    found = same_form.first() or own.first()
    if found is None:
        raise PaymentRunning
    return found
