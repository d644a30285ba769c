"""What every use case of the acquirer works with, and what the clock alone does to payments."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from sandbox.acquirer import book, mandates
from sandbox.acquirer.book import Payment
from sandbox.acquirer.mandates import Mandate
from sandbox.acquirer.outbox import Outbox
from sandbox.acquirer.settings import Settings
from sandbox.acquirer.states import Kind, MandateStatus, Status
from sandbox.acquirer.wire import payment_object
from sandbox.clock import Clock, city_date
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.gate import Call
from sandbox.store import transaction

AT_ONCE = 500
CAPTURE_WITHIN = 7 * 24 * 60 * 60
EXPIRED = {"code": "PAY_PROCESS_EXPIRED", "message": "The payment has expired."}
MANDATE_EXPIRED = {"code": "MANDATE_EXPIRED", "message": "The mandate was not agreed on or confirmed in time."}


@dataclass(frozen=True)
class House:
    db: sqlite3.Connection
    settings: Settings
    clock: Clock
    faults: Faults
    outbox: Outbox

    @property
    def secret_key(self) -> str:
        return self.settings.secret_key

    @property
    def webhook_url(self) -> str | None:
        return self.settings.webhook_url

    def order_of(self, call: Call) -> str | None:
        """Whose order this call is about, for faults that are meant for one order."""
        for facts, name, column in (
            (call.body, "orderId", ""),
            (call.path, "order_id", ""),
            (call.body, "paymentKey", "key"),
            (call.path, "payment_key", "key"),
            (call.body, "accountNumber", "account_number"),
            (call.body, "mandateId", ""),
            (call.path, "mandate_id", ""),
        ):
            value = facts.get(name)
            if isinstance(value, str) and value.isprintable():
                if not column:
                    return value
                with contextlib.suppress(ApiError):
                    return book.find(self.db, column=column, value=value).order_id
        key = call.path.get("mandate_key")
        if key is not None:
            with contextlib.suppress(ApiError):
                return mandates.find(self.db, column="key", value=key).id
        return None

    def today(self) -> str:
        return city_date(self.clock.now())

    def shown(self, payment: Payment) -> dict[str, Any]:
        return payment_object(payment, public_url=self.settings.public_url, now=self.clock.now())

    def tick(self) -> None:
        """Expire what is due and approve what the issuer approved late. Called before every request as well."""
        now = self.clock.now()
        self._expire_mandates(now)
        late = self.db.execute(
            "SELECT key FROM payment WHERE approval_due <= ? LIMIT ?", (time.time(), AT_ONCE)
        ).fetchall()
        due = self.db.execute(
            "SELECT key FROM payment WHERE status IN ('READY', 'IN_PROGRESS', 'AUTHORIZED', 'WAITING_FOR_DEPOSIT')"
            " AND expires_at <= ? AND approval_due IS NULL LIMIT ?",
            (now, AT_ONCE),
        ).fetchall()
        if not late and not due:
            return
        with transaction(self.db):
            for row in late:
                payment = book.find(self.db, column="key", value=row["key"])
                if payment.mandate_key is None:
                    approve(self, payment)
                else:
                    decide_debit(self, payment)
            for row in due:
                expire(self, book.find(self.db, column="key", value=row["key"]))

    def _expire_mandates(self, now: int) -> None:
        rows = self.db.execute(
            "SELECT key FROM mandate WHERE status IN ('READY', 'AGREED') AND expires_at <= ? LIMIT ?", (now, AT_ONCE)
        ).fetchall()
        if not rows:
            return
        with transaction(self.db):
            for row in rows:
                due = mandates.find(self.db, column="key", value=row["key"])
                change_mandate(self, due, status=MandateStatus.EXPIRED, failure=MANDATE_EXPIRED)


def change_mandate(house: House, mandate: Mandate, *, status: MandateStatus, **facts: book.Fact) -> Mandate:
    """A step of a mandate, told to the shop."""
    changed = mandates.change(house.db, mandate, status=status, **facts)
    told = mandates.mandate_object(changed, public_url=house.settings.public_url)
    house.outbox.mandate_changed(changed.id, at=house.clock.now(), facts=told)
    return changed


def decide_debit(house: House, payment: Payment) -> Payment:
    """The payer's bank takes the whole amount out of the account, or nothing."""
    mandate = mandates.find(house.db, column="key", value=payment.mandate_key or "")
    refusal = mandates.take_out(house.db, mandate, payment.total)
    if refusal is None:
        return approve(house, payment)
    if refusal == "ACCOUNT_CLOSED" and mandate.status == MandateStatus.ACTIVE:
        change_mandate(house, mandate, status=MandateStatus.ENDED, ended_at=house.clock.now(), ended_by="BANK")
    failure = {"code": refusal, "message": ApiError(refusal).body("en")["message"]}
    return end(house, payment, status=Status.ABORTED, failure=failure)


def approve(house: House, payment: Payment) -> Payment:
    """The issuer said yes: the money moves, or is kept for the shop until it captures."""
    now = house.clock.now()
    number = house.db.execute("SELECT count(approve_no) + 1 AS n FROM payment").fetchone()["n"]
    approved = book.change(house.db, payment, approved_at=now, approve_no=f"{number:08d}", approval_due=None)
    if payment.capture == "manual":
        return book.change(house.db, approved, status=Status.AUTHORIZED, expires_at=now + CAPTURE_WITHIN)
    return take(house, approved)


def take(house: House, payment: Payment) -> Payment:
    """The money moves, as of the moment of approval."""
    now = house.clock.now()
    at = payment.approved_at or now
    paid = book.move(house.db, payment, kind=Kind.APPROVAL, amount=payment.total, at=at, status=Status.DONE)
    house.outbox.status_changed(paid, movement=paid.movements[-1], at=now)
    return paid


def expire(house: House, payment: Payment) -> Payment:
    return end(house, payment, status=Status.EXPIRED, failure=EXPIRED)


def end(house: House, payment: Payment, *, status: Status, failure: dict[str, str] | None = None) -> Payment:
    """A payment ends without money moving."""
    ended = book.change(house.db, payment, status=status, failure=failure, approval_due=None)
    house.outbox.status_changed(ended, movement=None, at=house.clock.now())
    return ended
