"""The beginning of every payment: what is owed is checked, and the attempt is written before any gateway is called."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import Refusal
from core.identifiers import new_reference
from payments import selectors
from payments.models import Attempt, AttemptItem
from payments.states import Status


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


@dataclass(frozen=True)
class Wish:
    """What somebody chose on the page: the bill, the amount it showed, and the form's own key."""

    bill_ids: Sequence[int]
    shown_amount: int
    form_key: str
    language: str


def link_secret(reference: str) -> str:
    """The secret in the payer's link (160 bits): made from the reference, so that it is kept nowhere."""
    mark = hmac.new(settings.SECRET_KEY.encode(), b"payment link:" + reference.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark[:20]).decode().rstrip("=")


def begin(
    *, wish: Wish, channel: str, gateway: str, expires_at: datetime, ask_after: timedelta, at: datetime, bank: str = ""
) -> Attempt:
    """Write the attempt in a short transaction, or find the one that this form, or this person, already runs.

    Raises `BillNotToBePaid`, `BillAlreadyPaid`, `AmountChanged` or `PaymentRunning`.
    """
    with transaction.atomic():
        mark, account_id = _who()
        known = Attempt.objects.filter(session_mark=mark, idempotency_key=wish.form_key).first()
        if known:
            return known
        bills = _bills_to_pay(wish, at)
        reference = new_reference("PAY")
        try:
            with transaction.atomic():
                attempt = Attempt.objects.create(
                    reference=reference,
                    channel=channel,
                    gateway=gateway,
                    amount=wish.shown_amount,
                    account_id=account_id,
                    session_mark=mark,
                    idempotency_key=wish.form_key,
                    language=wish.language,
                    token_hash=hashlib.sha256(link_secret(reference).encode()).digest(),
                    bank=bank,
                    expires_at=expires_at,
                    created_at=at,
                    ask_at=at + ask_after,
                )
                AttemptItem.objects.bulk_create(
                    AttemptItem(attempt=attempt, bill_id=bill.bill_id, channel=channel, amount=bill.owed)
                    for bill in bills
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


def _bills_to_pay(wish: Wish, at: datetime) -> list[selectors.Payable]:
    bills = selectors.payable(bill_ids=wish.bill_ids, on=local_date(at))
    if not bills or len(bills) != len(set(wish.bill_ids)) or not all(bill.in_force for bill in bills):
        raise BillNotToBePaid
    if not all(bill.owed for bill in bills):
        raise BillAlreadyPaid
    if sum(bill.owed for bill in bills) != wish.shown_amount:
        raise AmountChanged
    return bills


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
