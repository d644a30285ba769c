"""A payment on the hosted page before it is confirmed: created by the shop, authenticated or given up by the payer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import cards, fields
from sandbox.acquirer import book
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House, end
from sandbox.acquirer.states import Status
from sandbox.cards import Behaviour
from sandbox.clock import iso
from sandbox.errors import ApiError
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
    locale = one_of(body, "locale", ("ko", "en"))
    payment = book.create(
        house.db,
        key=book.new_key("pay"),
        order_id=fields.order_id(body),
        order_name=fields.text(body, "orderName", longest=100),
        method=one_of(body, "method", METHODS, default="CARD"),
        capture=one_of(body, "capture", CAPTURES, default="auto"),
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


def one_of(body: Mapping[str, Any], name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
    if default is not None and body.get(name) is None:
        return default
    value = fields.text(body, name, longest=10)
    if value not in allowed:
        raise fields.invalid(name, " or ".join(allowed))
    return value


class Checkouts:
    """What the hosted pages do with a payment."""

    card_path = "/checkout/{key}"
    issuer_path = "/checkout/{key}/confirm"

    def __init__(self, house: House) -> None:
        self._house = house

    def find(self, key: str) -> Payment | None:
        self._house.tick()
        try:
            payment = book.find(self._house.db, column="key", value=key)
        except ApiError:
            return None
        return payment if payment.telephone is None else None

    def open(self, payment: Payment) -> bool:
        return payment.status == Status.READY

    def today(self) -> str:
        return self._house.today()

    def enter_card(self, payment: Payment, *, number: str, behaviour: Behaviour) -> None:
        """The payer gave a card; the issuer still has to hear from them."""
        with transaction(self._house.db):
            book.change(self._house.db, payment, card_number=cards.masked(number), behaviour=behaviour)

    def authenticate(self, payment: Payment, *, code: str) -> str | None:
        """The payment becomes IN_PROGRESS or ABORTED, or stays READY after a wrong code."""
        now = self._house.clock.now()
        with transaction(self._house.db):
            if payment.behaviour == Behaviour.FAIL_AUTHENTICATION:
                return self.way_back(end(self._house, payment, status=Status.ABORTED, failure=NOT_AUTHENTICATED))
            if code == cards.CODE:
                until = now + CONFIRM_WITHIN
                return self.way_back(book.change(self._house.db, payment, status=Status.IN_PROGRESS, expires_at=until))
            if payment.wrong_codes + 1 >= MOST_WRONG_CODES:
                return self.way_back(end(self._house, payment, status=Status.ABORTED, failure=NOT_AUTHENTICATED))
            book.change(self._house.db, payment, wrong_codes=payment.wrong_codes + 1)
        return None

    def give_up(self, payment: Payment) -> str:
        with transaction(self._house.db):
            return self._away(end(self._house, payment, status=Status.ABORTED, failure=GIVEN_UP))

    def way_back(self, payment: Payment) -> str | None:
        """Where the payer's browser belongs once the hosted page has nothing left to do."""
        return self._away(payment) if payment.is_hosted else None

    @staticmethod
    def _away(payment: Payment) -> str:
        if payment.failure is not None:
            return with_query(payment.fail_url, **payment.failure, orderId=payment.order_id)
        facts = {"paymentKey": payment.key, "orderId": payment.order_id, "amount": str(payment.total)}
        return with_query(payment.success_url, **facts)
