"""At an office's counter (창구): open a drawer, take money for bills, count it, and tell of cheques not honoured.

Each act is one database function that asks whose session it is (`counter.sql`); what a page says is only a wish.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.identifiers import new_reference
from payments.models import Drawer, Payment
from payments.rules.allocation import Share
from payments.services.begin import AmountChanged, Way, Wish, items_to_pay, link_secret
from payments.services.decide_suspense import DecidedByAnother
from payments.states import DrawerStatus, Means


class NoDrawer(Refusal):
    message = _("You have no open drawer, or have one already. Look at your counter again.")


class NotAtThisCounter(Refusal):
    message = _("This bill can't be paid here: it is another body's, your own or a relative's, or no longer in force.")


class ChequeKnown(Refusal):
    message = _("This cheque was taken before. Look at its bank and number again.")


class NotThisCheque(Refusal):
    message = _("That is no cheque taken at your counter, or it was told already.")


class LessLeft(Refusal):
    message = _("Less of this money is left than the cheque was for: a part was taken back otherwise.")


@dataclass(frozen=True)
class OnTheDesk:
    """What the payer puts on the desk. `tendered`: cash handed over, or the cheque's sum; minor units."""

    means: Means
    tendered: int
    cheque_bank: str = ""
    cheque_number: str = ""


def open_drawer(*, opening: int, at: datetime) -> int:
    """Open a drawer for the cashier whose session it is; `opening` is the cash to give change from. Raises NoDrawer."""
    opened = _one("SELECT payments_open_drawer(%s, %s)", opening, at)
    if opened is None:
        raise NoDrawer
    return int(opened)


def take_at_counter(
    *,
    bill_ids: Sequence[int],
    shown_amount: int,
    part: int,
    desk: OnTheDesk,
    form_key: str,
    officer_id: int,
    at: datetime,
) -> int:
    """Write what was paid at the counter, with its receipt; the payment's id. The same form again is the same payment.

    `shown_amount` is what the page said that the bills owe, `part` less than that, or 0 for everything. Raises
    NoDrawer, NotAtThisCounter, ChequeKnown, and what `items_to_pay` raises.
    """
    with transaction.atomic():
        drawer = Drawer.objects.filter(cashier_id=officer_id, status=DrawerStatus.OPEN).first()
        if drawer is None:
            raise NoDrawer
        way = Way.PART if part else Way.WHOLE
        wish = Wish(bill_ids, shown_amount, form_key, settings.LANGUAGE_CODE, way=way, amount=part)
        try:
            shares = items_to_pay(wish, at)
        except Refusal:
            known = _known(drawer, form_key)
            if known is None:
                raise
            return known
        return _take(shares, desk, form_key, at)


def _known(drawer: Drawer, form_key: str) -> int | None:
    """The payment that this form made already."""
    made = Payment.objects.filter(gateway=f"counter:{drawer.body_id}", movement_id=f"CTR-{drawer.pk}-{form_key}")
    return made.values_list("pk", flat=True).first()


def _take(shares: Sequence[Share], desk: OnTheDesk, form_key: str, at: datetime) -> int:
    reference = new_reference("PAY")
    facts = {
        **asdict(desk),
        "key": form_key,
        "reference": reference,
        "language": settings.LANGUAGE_CODE,
        "currency": settings.ETAX_CURRENCY,
        "payer": "",
    }
    values = json.dumps(facts), json.dumps([asdict(share) for share in shares])
    token = hashlib.sha256(link_secret(reference).encode()).digest()
    try:
        with transaction.atomic():
            answer = _json(_one("SELECT payments_take_at_counter(%s, %s, %s, %s)", *values, token, at))
    except IntegrityError as error:  # two desks typed the same cheque at one moment
        if "payments_cheque_once" in str(error):
            raise ChequeKnown from error
        raise
    refusals: dict[str, type[Refusal]] = {
        "no_drawer": NoDrawer,
        "not_theirs": NotAtThisCounter,
        "changed": AmountChanged,
        "cheque_known": ChequeKnown,
    }
    if answer["outcome"] in refusals:
        raise refusals[answer["outcome"]]
    return int(answer["payment_id"])


def count_drawer(*, drawer_id: int, cash: int, cheques: int, note: str, at: datetime) -> None:
    """Say what is in one's own drawer; nothing more is paid into it. Raises NoDrawer."""
    if not _one("SELECT payments_count_drawer(%s, %s, %s, %s, %s)", drawer_id, cash, cheques, note, at):
        raise NoDrawer


def decide_drawer(*, drawer_id: int, granted: bool, at: datetime) -> None:
    """Close a counted drawer with what it differs by, or send it back to be counted anew. Raises DecidedByAnother."""
    if _one("SELECT payments_decide_drawer(%s, %s, %s)", drawer_id, granted, at) is None:
        raise DecidedByAnother


def ask_bounce(*, payment_id: int, reason: str, at: datetime) -> int:
    """Tell that a bank did not honour a cheque (부도); another officer approves it. Raises NotThisCheque."""
    told = _one("SELECT payments_ask_bounce(%s, %s, %s)", payment_id, reason, at)
    if told is None:
        raise NotThisCheque
    return int(told)


def decide_bounce(*, bounce_id: int, granted: bool, at: datetime) -> None:
    """Take the cheque's money back from its bills, which are owed again from their own dates, their receipts annulled.

    Raises DecidedByAnother or LessLeft.
    """
    values = (bounce_id, granted, settings.ETAX_CURRENCY, at)
    answer = _one("SELECT payments_decide_bounce(%s, %s, %s, %s)", *values)
    if answer is None:
        raise DecidedByAnother
    if answer == "stale":
        raise LessLeft


def _one(query: str, *values: Any) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, values)
        ((found,),) = cursor.fetchall()
    return found


def _json(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer) if isinstance(answer, str) else answer)
