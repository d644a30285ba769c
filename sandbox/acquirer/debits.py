"""What the shop does with mandates: asks for one, confirms, revokes, debits. And what holders do outside any page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book, mandates
from sandbox.acquirer.accounts import BANKS
from sandbox.acquirer.confirm import LATE_BY, SLOW_BY
from sandbox.acquirer.house import House, change_mandate, decide_debit
from sandbox.acquirer.mandates import Mandate
from sandbox.acquirer.states import MandateStatus, Status
from sandbox.answers import Answer
from sandbox.cards import Behaviour
from sandbox.errors import ApiError

AGREE_WITHIN = 30 * 60
CONFIRM_WITHIN = 30 * 60
OVER = (MandateStatus.REFUSED, MandateStatus.EXPIRED, MandateStatus.ENDED)


def ask_for_mandate(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    house.outbox.require_room()
    now = house.clock.now()
    bank = fields.text(body, "bank", longest=3)
    if bank not in BANKS:
        raise ApiError("INVALID_BANK")
    locale = fields.text(body, "locale", longest=10)
    if locale not in ("ko", "en"):
        raise fields.invalid("locale", "ko or en")
    mandate = mandates.create(
        house.db,
        key=book.new_key("mdt"),
        id=fields.order_id(body, "mandateId"),
        status=MandateStatus.READY,
        bank=bank,
        purpose=fields.text(body, "purpose", longest=100),
        locale=locale,
        success_url=fields.web_address(body, "successUrl"),
        fail_url=fields.web_address(body, "failUrl"),
        requested_at=now,
        expires_at=now + AGREE_WITHIN,
    )
    return _shown(house, mandate)


def confirm_mandate(house: House, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    mandate = mandates.find(house.db, column="key", value=key)
    if fields.order_id(body, "mandateId") != mandate.id:
        raise ApiError("INVALID_MANDATE_ID")
    if mandate.status == MandateStatus.READY:
        raise ApiError("NOT_AGREED_MANDATE")
    if mandate.status in OVER:
        raise ApiError("MANDATE_OVER")
    if mandate.status == MandateStatus.AGREED:
        mandate = change_mandate(house, mandate, status=MandateStatus.ACTIVE, activated_at=house.clock.now())
    return _shown(house, mandate)


def shown(house: House, *, column: str, value: str) -> dict[str, Any]:
    return _shown(house, mandates.find(house.db, column=column, value=value))


def revoke(house: House, key: str, *, by: str) -> dict[str, Any]:
    mandate = mandates.find(house.db, column="key", value=key)
    if mandate.status not in OVER:
        mandate = change_mandate(house, mandate, status=MandateStatus.ENDED, ended_at=house.clock.now(), ended_by=by)
    return _shown(house, mandate)


def debit(house: House, body: Mapping[str, Any]) -> Answer:
    """Take the whole amount out of the holder's account. What was refused stays in the books, and can be asked for."""
    mandate = mandates.find(house.db, column="key", value=fields.text(body, "mandateKey", longest=200))
    now = house.clock.now()
    behaviour = mandates.behaviour_of(mandate)
    late = behaviour == Behaviour.APPROVE_LATE and mandate.status == MandateStatus.ACTIVE
    payment = book.create(
        house.db,
        key=book.new_key("pay"),
        order_id=fields.order_id(body),
        order_name=fields.text(body, "orderName", longest=100),
        method="DEBIT",
        status=Status.PROCESSING,
        currency=fields.currency(body),
        total=fields.amount(body, "amount"),
        requested_at=now,
        expires_at=now,
        mandate_key=mandate.key,
        approval_due=time.time() + LATE_BY if late else None,
    )
    if late:
        return Answer.refusal(ApiError("PROVIDER_ERROR"))
    decided = decide_debit(house, payment)
    if decided.failure is not None:
        return Answer.refusal(ApiError(decided.failure["code"]))
    lost, delay = behaviour == Behaviour.LOSE_ANSWER, SLOW_BY if behaviour == Behaviour.SLOW else 0
    return Answer(status=200, body=house.shown(decided), lost=lost, delay=delay)


def set_balance(house: House, number: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The holder puts money in, or takes it out."""
    balance = fields.whole(body, "balance", low=0, high=fields.AMOUNT_LIMIT)
    house.db.execute("UPDATE payer_account SET balance = ? WHERE number = ?", (balance, number))
    row = house.db.execute("SELECT * FROM payer_account WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise ApiError("NOT_FOUND_ACCOUNT")
    return {"accountNumber": row["number"], "balance": row["balance"], "closed": bool(row["closed"])}


def _shown(house: House, mandate: Mandate) -> dict[str, Any]:
    return mandates.mandate_object(mandate, public_url=house.settings.public_url)
