"""Many machines at once, in one process; the full size is in `make soak`."""

from __future__ import annotations

import pytest

from bench.atm import Owed, idle_and_busy
from payments.models import Payment
from tests.payments.cast import a_bill, balances

pytestmark = pytest.mark.socket


def test_busy_machines_pay_while_many_hold_their_lines(db: None, host: int) -> None:
    bills = [a_bill() for _ in range(24)]
    busy = idle_and_busy(host, idle=120, busy=12, owed=[Owed(bill.epay_number, bill.amount) for bill in bills])
    assert busy.slowest_echo < 5
    assert Payment.objects.count() == 24
    assert balances() == {"clearing": 24 * 52_000, "revenue": -24 * 52_000}
