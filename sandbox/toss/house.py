"""What every use case works with, and what the clock alone does to payments."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.gate import Call
from sandbox.store import transaction
from sandbox.toss import book
from sandbox.toss.book import Payment
from sandbox.toss.outbox import Outbox
from sandbox.toss.settings import Settings
from sandbox.toss.states import Kind, Status
from sandbox.toss.wire import payment_object

AT_ONCE = 500


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
        order_id = call.body.get("orderId") or call.path.get("order_id")
        if isinstance(order_id, str):
            return order_id
        key = call.path.get("key")
        with contextlib.suppress(ApiError):
            return book.find(self.db, key).order_id if key else None
        return None

    def shown(self, payment: Payment) -> dict[str, Any]:
        return payment_object(payment, public_url=self.settings.public_url, now=self.clock.now())

    def tick(self) -> None:
        """Expire the windows whose time is over and approve what the issuer approved late. An account whose due date
        passed changes nothing but what `expired` says."""
        late = self.db.execute(
            "SELECT key FROM payment WHERE approval_due <= ? LIMIT ?", (time.time(), AT_ONCE)
        ).fetchall()
        due = self.db.execute(
            "SELECT key FROM payment WHERE status IN ('READY', 'IN_PROGRESS')"
            " AND expires_at <= ? AND approval_due IS NULL LIMIT ?",
            (self.clock.now(), AT_ONCE),
        ).fetchall()
        if not late and not due:
            return
        with transaction(self.db):
            for row in late:
                approve(self, book.find(self.db, row["key"]))
            for row in due:
                end(self, book.find(self.db, row["key"]), status=Status.EXPIRED)


def approve(house: House, payment: Payment) -> Payment:
    """The card's money moves."""
    now = house.clock.now()
    number = house.db.execute("SELECT coalesce(max(seq), 0) + 1 AS n FROM movement").fetchone()["n"]
    paid = book.move(
        house.db,
        payment,
        kind=Kind.APPROVAL,
        amount=payment.total,
        at=now,
        status=Status.DONE,
        key=book.new_transaction_key(),
        approved_at=now,
        approve_no=f"{number:08d}",
        approval_due=None,
    )
    house.outbox.tell(paid, at=now)
    return paid


def end(house: House, payment: Payment, *, status: Status, failure: dict[str, str] | None = None) -> Payment:
    """A card payment ends without money moving."""
    ended = book.change(house.db, payment, status=status, failure=failure, approval_due=None)
    house.outbox.tell(ended, at=house.clock.now())
    return ended
