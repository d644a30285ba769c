"""At a counter: a cheque booked as cash, one that bounces after all was closed, a drawer that is open over midnight."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.utils.html import strip_tags

from accounts.access import Role
from core import clock
from payments.models import Drawer
from payments.reconcile.business_day import Days, business_days
from payments.services import NoDrawer
from tests.billing.people import officer_client
from tests.payments.bank_messages import Told
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.counters import Cashier, closes
from tests.payments.days import bank_states, close, on
from tests.payments.test_cancellations import Desk
from tests.payments.test_counter import OWED, _decides, _differences, _told, approver, bill, cashier
from tests.support.database import AsRole, admin_connection

__all__ = ["approver", "bill", "cashier"]


def calendar() -> tuple[Days, date]:
    """Business days, and the one to which what is taken now belongs."""
    days = business_days(on=clock.local_date(clock.now()))
    return days, days.of(clock.now())


def test_a_cheque_that_was_booked_as_cash_is_told_though_the_sum_is_right(
    cashier: Cashier, bill: BillFacts, approver: Desk, as_role: AsRole
) -> None:
    cashier.takes(bill)
    cashier.takes(a_bill(), cheque="A-100001")
    with pytest.raises(NoDrawer):
        cashier.counts(100_000, 104_000)
    cashier.counts(100_000, 104_000, note="the first was paid by cheque too")
    closes(approver, cashier)
    assert (Drawer.objects.get().difference, balances()["clearing"]) == (0, 104_000)
    page = officer_client(as_role, "auditor@example.kr", Role.AUDITOR, body="11110").get(
        f"/payments/drawers/{cashier.drawer}/", headers={"Accept-Language": "en"}
    )
    assert "(cash -52,000 won, cheques 52,000 won)" in strip_tags(page.content.decode())


def test_a_cheque_may_bounce_long_after_its_drawer_was_closed_with_a_difference(
    cashier: Cashier, bill: BillFacts, approver: Desk
) -> None:
    _, day = calendar()
    taken = cashier.takes(bill, cheque="A-100001")
    cashier.counts(101_000, 52_000, note="1,000 won too much")
    closes(approver, cashier)
    bank_states(day, Told(53_000, ref="C-1", at=on(day, 9)))
    assert _differences(day) == []
    _decides(approver, _told(cashier.desk, taken))
    assert _differences(day) == [("not_paid_out", f"{day}", -52_000, 0)], "the bank has yet to take it back"
    assert balances() == {**OWED, "treasury": 53_000, "clearing": -52_000, "suspense": -1_000}
    bank_states(day, Told(52_000, ref="C-2", at=on(day, 10), out=True))
    assert _differences(day) == []
    assert balances() == {**OWED, "treasury": 1_000, "suspense": -1_000}
    call_command("ledger_check")


def test_a_drawer_that_was_open_over_midnight_is_one_deposit_of_the_day_on_which_it_was_counted(
    cashier: Cashier, bill: BillFacts, approver: Desk, database_name: str
) -> None:
    days, day = calendar()
    before = days.span(day).after
    cashier.takes(bill)
    cashier.takes(a_bill())
    with admin_connection(database_name) as admin:  # the first was taken yesterday
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE payments_drawer SET opened_at = %s", [on(before, 17)])
        admin.execute(
            "UPDATE payments_payment SET approved_at = %s WHERE id = (SELECT min(id) FROM payments_payment)",
            [on(before, 18)],
        )
    assert {kind for kind, *_ in _differences(before)} == {"drawer_open"}
    cashier.counts(204_000)
    closes(approver, cashier)
    assert close(before).differences == 0
    assert _differences(day) == [("not_paid_out", f"{day}", 104_000, 0)]
    bank_states(day, Told(104_000, ref="C-1", at=on(day, 9)))
    assert (close(before).differences, _differences(day)) == (0, [])
