"""Cashiers at counters, and what they take there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from accounts.access import Role
from core import clock
from payments import services
from payments.models import CounterPayment
from payments.services import OnTheDesk
from payments.states import Means
from tests.payments.cast import BillFacts
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole


@dataclass
class Cashier:
    """A cashier with an open drawer of 100,000 won."""

    desk: Desk
    drawer: int = field(init=False)

    def __post_init__(self) -> None:
        self.drawer = self.desk.does(lambda: services.open_drawer(opening=100_000, at=clock.now()))

    def takes(
        self,
        *bills: BillFacts,
        tendered: int = 0,
        cheque: str = "",
        part: int = 0,
        key: str = "",
        shown: int | None = None,
    ) -> CounterPayment:
        shown = sum(bill.amount for bill in bills) if shown is None else shown
        means = Means.CHEQUE if cheque else Means.CASH
        facts: dict[str, Any] = {
            "bill_ids": [bill.id for bill in bills],
            "shown_amount": shown,
            "part": part,
            "desk": OnTheDesk(means, tendered or part or shown, "004" if cheque else "", cheque),
            "form_key": key or secrets.token_hex(16),
            "officer_id": self.desk.id,
        }
        payment = self.desk.does(lambda: services.take_at_counter(**facts, at=clock.now()))
        return CounterPayment.objects.get(payment_id=payment)

    def counts(self, cash: int, cheques: int = 0, note: str = "") -> None:
        facts: dict[str, Any] = {"drawer_id": self.drawer, "cash": cash, "cheques": cheques, "note": note}
        self.desk.does(lambda: services.count_drawer(**facts, at=clock.now()))


def a_cashier(as_role: AsRole, name: str = "cashier", body: str = "11110") -> Cashier:
    return Cashier(a_desk(as_role, f"{name}@example.kr", Role.CASHIER, body=body))


def closes(desk: Desk, cashier: Cashier, *, granted: bool = True) -> None:
    desk.does(lambda: services.decide_drawer(drawer_id=cashier.drawer, granted=granted, at=clock.now()))
