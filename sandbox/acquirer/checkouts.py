"""A payment on the hosted page before it is confirmed: created by the shop, authenticated or given up by the payer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book, cards
from sandbox.acquirer.book import Payment
from sandbox.acquirer.cards import Behaviour
from sandbox.acquirer.house import House, end
from sandbox.acquirer.states import Status
from sandbox.clock import iso
from sandbox.store import transaction
from sandbox.web import with_query

AUTHENTICATE_WITHIN = 30 * 60
CONFIRM_WITHIN = 10 * 60
MOST_WRONG_CODES = 3
METHODS = ("CARD", "WALLET", "CARRIER")
CAPTURES = ("auto", "manual")
GIVEN_UP = {"code": "PAY_PROCESS_CANCELED", "message": "The payer cancelled the payment."}
NOT_AUTHENTICATED = {"code": "PAY_PROCESS_ABORTED", "message": "The card issuer did not confirm the payer."}


def create(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    house.outbox.require_room()
    now = house.clock.now()
    locale = _one_of(body, "locale", ("ko", "en"))
    payment = book.create(
        house.db,
        key=book.new_key("pay"),
        order_id=fields.order_id(body),
        order_name=fields.text(body, "orderName", longest=100),
        method=_one_of(body, "method", METHODS, default="CARD"),
        capture=_one_of(body, "capture", CAPTURES, default="auto"),
        status=Status.READY,
        currency=fields.currency(body),
        total=fields.amount(body, "amount"),
        requested_at=now,
        expires_at=now + AUTHENTICATE_WITHIN,
        locale=locale,
        success_url=fields.web_address(body, "successUrl"),
        fail_url=fields.web_address(body, "failUrl"),
    )
    return {
        "paymentKey": payment.key,
        "orderId": payment.order_id,
        "status": payment.status,
        "checkoutUrl": f"{house.settings.public_url}/checkout/{payment.key}",
        "expiresAt": iso(payment.expires_at),
    }


def _one_of(body: Mapping[str, Any], name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
    if default is not None and body.get(name) is None:
        return default
    value = fields.text(body, name, longest=10)
    if value not in allowed:
        raise fields.invalid(name, " or ".join(allowed))
    return value


def enter_card(house: House, payment: Payment, *, number: str, behaviour: Behaviour) -> Payment:
    """The payer gave a card; the issuer still has to hear from them."""
    with transaction(house.db):
        return book.change(house.db, payment, card_number=cards.masked(number), behaviour=behaviour)


def authenticate(house: House, payment: Payment, *, code: str) -> Payment:
    """Back comes the payment: IN_PROGRESS, ABORTED, or still READY after a wrong code."""
    now = house.clock.now()
    with transaction(house.db):
        if payment.behaviour == Behaviour.FAIL_AUTHENTICATION:
            return end(house, payment, status=Status.ABORTED, failure=NOT_AUTHENTICATED)
        if code == cards.CODE:
            return book.change(house.db, payment, status=Status.IN_PROGRESS, expires_at=now + CONFIRM_WITHIN)
        if payment.wrong_codes + 1 >= MOST_WRONG_CODES:
            return end(house, payment, status=Status.ABORTED, failure=NOT_AUTHENTICATED)
        return book.change(house.db, payment, wrong_codes=payment.wrong_codes + 1)


def give_up(house: House, payment: Payment) -> Payment:
    with transaction(house.db):
        return end(house, payment, status=Status.ABORTED, failure=GIVEN_UP)


def way_back(payment: Payment) -> str:
    """Where the payer's browser belongs once the hosted page has nothing left to do."""
    if payment.failure is not None:
        return with_query(payment.fail_url, **payment.failure, orderId=payment.order_id)
    return with_query(payment.success_url, paymentKey=payment.key, orderId=payment.order_id, amount=str(payment.total))
