"""The payment window (결제창): opened for a card payment, authenticated or given up by the payer, then confirmed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sandbox import cards, fields
from sandbox.answers import Answer
from sandbox.cards import Behaviour
from sandbox.clock import city_date
from sandbox.errors import ApiError
from sandbox.store import transaction
from sandbox.toss import book
from sandbox.toss.book import Payment
from sandbox.toss.errors import TossError
from sandbox.toss.house import House, approve, end
from sandbox.toss.states import APPROVED, Method, Status
from sandbox.web import with_query

AUTHENTICATE_WITHIN = 30 * 60
CONFIRM_WITHIN = 10 * 60
MOST_WRONG_CODES = 3
LEAST = 100
LATE_BY = 3.0
SLOW_BY = 5.0
CARD = ("카드", "CARD")


def create(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /v1/payments."""
    if fields.text(body, "method", longest=30) not in CARD:
        raise TossError("NOT_SUPPORTED_METHOD")
    now, order_id = house.clock.now(), fields.order_id(body)
    book.require_new_order(house.db, order_id)
    payment = book.create(
        house.db,
        order_id=order_id,
        order_name=fields.text(body, "orderName", longest=100),
        method=Method.CARD,
        status=Status.READY,
        total=amount_of(body, least=LEAST),
        tax_free=tax_free(body),
        requested_at=now,
        expires_at=now + AUTHENTICATE_WITHIN,
        success_url=fields.web_address(body, "successUrl"),
        fail_url=fields.web_address(body, "failUrl"),
    )
    return house.shown(payment)


def amount_of(body: Mapping[str, Any], *, least: int) -> int:
    if body.get("currency") not in (None, "KRW"):
        raise TossError("INVALID_CURRENCY")
    amount = fields.amount(body, "amount")
    if amount < least:
        raise TossError("BELOW_MINIMUM_AMOUNT")
    return amount


def tax_free(body: Mapping[str, Any]) -> int:
    return 0 if body.get("taxFreeAmount") is None else fields.whole(body, "taxFreeAmount", low=0, high=body["amount"])


def confirm(house: House, body: Mapping[str, Any]) -> Answer:
    """POST /v1/payments/confirm."""
    payment = book.find(house.db, fields.text(body, "paymentKey", longest=200))
    order_id, amount = fields.order_id(body), fields.amount(body, "amount")
    if payment.status in APPROVED:
        raise TossError("ALREADY_PROCESSED_PAYMENT")
    if payment.status != Status.IN_PROGRESS or order_id != payment.order_id:
        raise TossError("NOT_FOUND_PAYMENT_SESSION")
    if amount != payment.total:
        raise TossError("INVALID_REQUEST", "amount")
    book.require_new_order(house.db, order_id)
    return _ask_issuer(house, payment)


def _ask_issuer(house: House, payment: Payment) -> Answer:
    match payment.behaviour:
        case Behaviour.DECLINE:
            refusal = TossError("REJECT_CARD_PAYMENT")
            end(house, payment, status=Status.ABORTED, failure=refusal.body("ko"))
            return Answer.refusal(refusal)
        case Behaviour.APPROVE_LATE:
            if payment.approval_due is None:
                book.change(house.db, payment, approval_due=time.time() + LATE_BY)
            return Answer.refusal(TossError("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"))
        case _:
            return Answer(
                status=200,
                body=house.shown(approve(house, payment)),
                lost=payment.behaviour == Behaviour.LOSE_ANSWER,
                delay=SLOW_BY if payment.behaviour == Behaviour.SLOW else 0,
            )


class Windows:
    """What the hosted pages do with a payment."""

    card_path = "/v1/payments/{key}/checkout"
    issuer_path = "/3ds/{key}"

    def __init__(self, house: House) -> None:
        self._house = house

    def find(self, key: str) -> Payment | None:
        self._house.tick()
        try:
            return book.find(self._house.db, key)
        except ApiError:
            return None

    def open(self, payment: Payment) -> bool:
        return payment.is_card and payment.status == Status.READY

    def today(self) -> str:
        return city_date(self._house.clock.now())

    def enter_card(self, payment: Payment, *, number: str, behaviour: Behaviour) -> None:
        """The payer gave a card; the issuer still has to hear from them."""
        with transaction(self._house.db):
            book.change(self._house.db, payment, card_number=cards.masked(number), behaviour=behaviour)

    def authenticate(self, payment: Payment, *, code: str) -> str | None:
        """The payment becomes IN_PROGRESS or ABORTED, or stays READY after a wrong code."""
        db, until = self._house.db, self._house.clock.now() + CONFIRM_WITHIN
        refused = payment.behaviour == Behaviour.FAIL_AUTHENTICATION
        with transaction(db):
            if not refused and code == cards.CODE:
                return self.way_back(book.change(db, payment, status=Status.IN_PROGRESS, expires_at=until))
            if refused or payment.wrong_codes + 1 >= MOST_WRONG_CODES:
                failure = TossError("PAY_PROCESS_ABORTED").body("ko")
                return self.way_back(end(self._house, payment, status=Status.ABORTED, failure=failure))
            book.change(db, payment, wrong_codes=payment.wrong_codes + 1)
        return None

    def give_up(self, payment: Payment) -> str:
        """Nothing changes and nobody is told: the payer may open the window again. The order is not named."""
        return with_query(payment.fail_url, **TossError("PAY_PROCESS_CANCELED").body("ko"))

    def way_back(self, payment: Payment) -> str | None:
        if not payment.is_card:
            return None
        if payment.status == Status.EXPIRED:
            failure = TossError("NOT_FOUND_PAYMENT_SESSION").body("ko")
            return with_query(payment.fail_url, **failure, orderId=payment.order_id)
        if payment.failure is not None:
            return with_query(payment.fail_url, **payment.failure, orderId=payment.order_id)
        facts = {"paymentKey": payment.key, "orderId": payment.order_id, "amount": str(payment.total)}
        return with_query(payment.success_url, paymentType="NORMAL", **facts)
