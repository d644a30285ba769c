"""The door through which anybody in the house sends money from the city's account.

Order a transfer in the transaction that decides about it; everything else happens by itself: the worker writes what is
due into one file a day, two officers release it, the bank answers. Listen for what becomes of it (`payments.events`,
each with your `purpose` and `key`): TRANSFER_ACCEPTED, TRANSFER_BOOKED (it left our account), TRANSFER_REJECTED and
TRANSFER_RETURNED. After the last two the money is owed again, and the books say so; order it anew, corrected, under
another key.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection

from core.clock import local_date
from core.identifiers import new_reference
from ledger.services import Purpose
from payments.bankfiles.transfers import transfer_rules
from payments.services.line_of_transfer import PREFIX
from payments.states import TransferPurpose


class TransferOrderedOtherwise(ValueError):
    """The key was used for another account or amount: a mistake in the program, nothing was ordered."""


class UnableToOrderTransfer(ValueError):
    """No amount, account, holder or text, or longer than a message to a bank can hold; nothing was ordered."""


@dataclass(frozen=True)
class Creditor:
    """Whom the money goes to: three digits of the bank, the account's number (digits), its holder's name."""

    bank: str
    account: str
    holder: str


@dataclass(frozen=True)
class Owed:
    """The account of the books whose debt the transfer pays: it is debited, and clearing of the same body credited."""

    body: str
    tax: str
    purpose: Purpose


def order_transfer(
    *,
    purpose: TransferPurpose,
    key: str,
    to: Creditor,
    amount: int,
    text: str,
    owed: Owed,
    at: datetime,
    pay_on: date | None = None,
) -> int:
    """Have `amount` (minor units) sent, in the caller's transaction; the transfer's number. Worker only.

    `key` names it for ever within its purpose (at most 100 characters): ordered again with the same facts it is the
    transfer that is here, whatever became of it. `text` is what the receiver reads. `pay_on`: not before that day.
    An SQL function of an app above calls `payments_order_transfer` with the same facts instead.
    Raises `TransferOrderedOtherwise` and `UnableToOrderTransfer`.
    """
    if not (amount > 0 and fits_a_message(to) and 0 < len(text.strip()) <= 140 and text.isprintable()):
        raise UnableToOrderTransfer(f"{amount} to bank {to.bank!r}")
    today = local_date(at)
    facts = {
        "reference": new_reference(PREFIX),
        "purpose": purpose.value,
        "key": key,
        "from_bank": transfer_rules(on=today).bank,
        "bank": to.bank,
        "account": to.account,
        "holder": to.holder,
        "text": text,
        "amount": amount,
        "pay_on": (pay_on or today).isoformat(),
        "owed_body": owed.body,
        "owed_tax": owed.tax,
        "owed_purpose": owed.purpose.value,
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_order_transfer(%s, %s)", [json.dumps(facts), at])
            return int(cursor.fetchone()[0])
    except IntegrityError as error:
        if "payments_transfer_ordered_otherwise" in str(error) or "ordered otherwise" in str(error):
            raise TransferOrderedOtherwise(f"{purpose} {key}") from error
        raise


def withdraw_transfer(*, purpose: TransferPurpose, key: str, at: datetime) -> bool:
    """Take an order back that stands in no file yet, and in the books too; False where it is too late. Worker only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_withdraw_transfer(%s, %s, %s)", [purpose.value, key, at])
        return bool(cursor.fetchone()[0])


def fits_a_message(to: Creditor) -> bool:
    """Whether a message to a bank can name this account; one that can't would keep a whole file from being written."""
    return (
        bool(re.fullmatch("[0-9]{3}", to.bank, re.ASCII))
        and bool(re.fullmatch("[0-9]{1,34}", to.account, re.ASCII))
        and 0 < len(to.holder.strip()) <= 70
        and to.holder.isprintable()
    )
