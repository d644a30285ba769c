"""A card typed on the keys of a telephone: started by the shop, finished in the acquirer's own call with the payer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import cards, fields
from sandbox.acquirer import book
from sandbox.acquirer.book import Payment
from sandbox.acquirer.checkouts import CONFIRM_WITHIN, GIVEN_UP, MOST_WRONG_CODES, NOT_AUTHENTICATED, one_of
from sandbox.acquirer.house import House, end
from sandbox.acquirer.states import Status
from sandbox.cards import Behaviour
from sandbox.clock import iso
from sandbox.errors import ApiError
from sandbox.store import transaction

TYPE_WITHIN = 10 * 60


def create(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    house.outbox.require_room()
    telephone = fields.text(body, "telephone", longest=11, shortest=9)
    if not (telephone.isascii() and telephone.isdigit()):
        raise fields.invalid("telephone", "digits only")
    if waiting(house, telephone) is not None:
        raise ApiError("TELEPHONE_BUSY")
    now = house.clock.now()
    payment = book.create(
        house.db,
        key=book.new_key("pay"),
        order_id=fields.order_id(body),
        order_name=fields.text(body, "orderName", longest=100),
        method="CARD",
        status=Status.READY,
        currency=fields.currency(body),
        total=fields.amount(body, "amount"),
        requested_at=now,
        expires_at=now + TYPE_WITHIN,
        locale=one_of(body, "locale", ("ko", "en")),
        telephone=telephone,
    )
    return {
        "paymentKey": payment.key,
        "orderId": payment.order_id,
        "status": payment.status,
        "telephone": cards.masked(telephone),
        "expiresAt": iso(payment.expires_at),
    }


def waiting(house: House, telephone: str) -> str | None:
    """The key of the payment for which this telephone is called."""
    row = house.db.execute("SELECT key FROM payment WHERE telephone = ? AND status = 'READY'", (telephone,)).fetchone()
    return row["key"] if row else None


def type_card(house: House, payment: Payment, digits: str) -> bool:
    """Whether the card is one that is known here; the third that is not ends the call."""
    behaviour = cards.CARDS.get(digits)
    with transaction(house.db):
        if behaviour is not None:
            book.change(house.db, payment, card_number=cards.masked(digits), behaviour=behaviour)
        elif payment.wrong_codes + 1 >= MOST_WRONG_CODES:
            end(house, payment, status=Status.ABORTED, failure=NOT_AUTHENTICATED)
        else:
            book.change(house.db, payment, wrong_codes=payment.wrong_codes + 1)
    return behaviour is not None


def agree(house: House, payment: Payment) -> None:
    """The payer pressed 1: nothing is taken yet, and the shop is told, since no browser comes back to it."""
    with transaction(house.db):
        if payment.behaviour == Behaviour.FAIL_AUTHENTICATION:
            end(house, payment, status=Status.ABORTED, failure=NOT_AUTHENTICATED)
            return
        now = house.clock.now()
        agreed = book.change(house.db, payment, status=Status.IN_PROGRESS, expires_at=now + CONFIRM_WITHIN)
        house.outbox.status_changed(agreed, movement=None, at=now)


def hang_up(house: House, payment: Payment) -> None:
    with transaction(house.db):
        end(house, payment, status=Status.ABORTED, failure=GIVEN_UP)
