"""At a counter: cash and cheques for bills, once each, for today's money and the cashier's own counter only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from threading import Event

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Relative
from billing.selectors import money_taken_back
from core import clock
from core.db.session import session_secret
from payments import services
from payments.checks import payments_as_sealed
from payments.models import Bounce, CounterPayment, Drawer, Payment
from payments.reconcile.business_day import business_days
from payments.services import (
    AmountChanged,
    BillAlreadyPaid,
    BillNotToBePaid,
    ChequeKnown,
    DecidedByAnother,
    NoDrawer,
    NotAtThisCounter,
    NotThisCheque,
    NotThisPart,
)
from payments.states import Means
from receipts.models import Document
from tests.payments.bank_messages import Told
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.counters import Cashier, a_cashier, closes
from tests.payments.days import bank_states, close, on, open_differences
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole

PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}
DAY = timedelta(days=1)
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0 AND datname = current_database()
"""


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def cashier(db: None, as_role: AsRole) -> Cashier:
    return a_cashier(as_role)


@pytest.fixture
def approver(db: None, as_role: AsRole) -> Desk:
    return a_desk(as_role, "second@example.kr", Role.APPROVER, body="11110")


def test_cash_for_a_bill_is_paid_at_once_with_change_and_receipt(cashier: Cashier, bill: BillFacts) -> None:
    taken = cashier.takes(bill, tendered=60_000)
    assert (taken.amount, taken.change) == (52_000, 8_000)
    assert balances() == PAID
    facts = Document.objects.get(taxpayer_id=bill.taxpayer_id).facts
    assert (facts["channel"]["ko"], facts["total"]) == ("창구", 52_000)
    payment = Payment.objects.get()
    assert (payment.gateway, payment.reference[:4]) == ("counter:11110", "PAY-")
    call_command("ledger_check")
    assert list(payments_as_sealed()) == []


def test_several_bills_are_one_payment_with_a_receipt_each(cashier: Cashier, bill: BillFacts) -> None:
    other = a_bill(of=bill)
    taken = cashier.takes(bill, other, cheque="A-100001")
    assert (taken.amount, taken.cheque_bank, taken.cheque_number) == (104_000, "004", "A-100001")
    assert Document.objects.count() == 2


def test_a_part_is_taken_where_the_rules_allow_it(cashier: Cashier, bill: BillFacts) -> None:
    with pytest.raises(NotThisPart):
        cashier.takes(bill, part=10_000)
    late = a_bill(due=clock.local_date(clock.now()) - 2 * DAY)
    owed = 52_000 + 1_200 + 360  # 3% of each line, cut to ten won
    assert cashier.takes(late, part=10_000, shown=owed).amount == 10_000


def test_the_same_form_twice_is_one_payment(cashier: Cashier, bill: BillFacts) -> None:
    first = cashier.takes(bill, key="a" * 32)
    assert cashier.takes(bill, key="a" * 32) == first
    with pytest.raises(BillAlreadyPaid):
        cashier.takes(bill)
    assert Payment.objects.count() == 1


def test_two_counters_at_one_moment_take_a_bill_once(
    cashier: Cashier, bill: BillFacts, as_role: AsRole, database_name: str
) -> None:
    other = a_cashier(as_role, "another")

    def tries(one: Cashier) -> Callable[[AsRole], str]:
        def call(role: AsRole) -> str:
            one.desk.as_role = role
            try:
                one.takes(bill)
            except (BillAlreadyPaid, AmountChanged):
                return "refused"
            return "taken"

        return call

    assert sorted(at_once(database_name, [tries(cashier), tries(other)])) == ["refused", "taken"]
    assert balances() == PAID


def test_what_the_page_did_not_show_is_not_taken(cashier: Cashier, bill: BillFacts) -> None:
    with pytest.raises(AmountChanged):
        cashier.takes(bill, shown=51_000)
    assert balances() == OWED


def test_nobody_takes_money_without_a_drawer_of_their_own(
    cashier: Cashier, bill: BillFacts, as_role: AsRole, approver: Desk
) -> None:
    with pytest.raises(NoDrawer):
        approver.does(lambda: services.open_drawer(opening=0, at=clock.now()))
    with pytest.raises(NoDrawer):  # a second drawer
        cashier.desk.does(lambda: services.open_drawer(opening=0, at=clock.now()))
    cashier.counts(100_000)
    with pytest.raises(NoDrawer):
        cashier.takes(bill)


def test_a_taken_office_process_posts_only_todays_money_into_the_sessions_own_drawer(
    cashier: Cashier, bill: BillFacts, as_role: AsRole
) -> None:
    shares = f'[{{"bill_id": {bill.id}, "amount": 52000}}]'
    desk = '{"key": "k", "means": "cash", "tendered": 52000, "reference": "PAY-X", "language": "ko", "currency": "KRW"}'

    def takes(at: str, of: str = shares) -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT payments_take_at_counter(%s, %s, 'x', {at}) ->> 'outcome'", [desk, of])
            return str(cursor.fetchone()[0])

    assert cashier.desk.does(lambda: takes("now() - interval '2 days'")) == "no_drawer"
    assert a_desk(as_role, "no-cashier@example.kr", Role.TREASURER).does(lambda: takes("now()")) == "no_drawer"
    assert cashier.desk.does(lambda: takes("now()", shares.replace("52000", "60000"))) == "changed"
    for statement in (
        "INSERT INTO payments_drawer (body_id, cashier_id, opening, status) VALUES ('11110', 1, 0, 'open')",
        "UPDATE payments_drawer SET opening = 5",
        "SELECT payments_pay_directly('counter:11110', '{}', '{}', '[]', 'x', NULL, now())",
        "SELECT payments_reverse('counter:11110', '', 'x', '{}', NULL, now())",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            cashier.desk.does(partial(_run, statement))
    assert balances() == OWED


def test_a_district_takes_no_money_for_another_and_nobody_for_their_own_bill(
    cashier: Cashier, bill: BillFacts, as_role: AsRole
) -> None:
    theirs = a_bill(body="11140")
    with pytest.raises(BillNotToBePaid):
        cashier.takes(theirs)
    city = a_cashier(as_role, "city", body="11000")
    assert city.takes(theirs).payment.gateway == "counter:11000"
    Relative.objects.create(officer_id=cashier.desk.id, taxpayer_id=bill.taxpayer_id, relation="spouse")
    with pytest.raises(NotAtThisCounter):
        cashier.takes(bill)


def test_a_cheque_pays_once(cashier: Cashier, bill: BillFacts) -> None:
    cashier.takes(bill, cheque="A-100001")
    for typed in ("A-100001", "A100001", "a-100-001"):
        with pytest.raises(ChequeKnown):
            cashier.takes(a_bill(), cheque=typed)


def test_a_bounced_cheque_leaves_the_bill_owed_and_the_receipt_annulled(
    cashier: Cashier, bill: BillFacts, approver: Desk
) -> None:
    taken = cashier.takes(bill, cheque="A-100001")
    wish = _told(cashier.desk, taken)
    with pytest.raises(NotThisCheque):
        _told(cashier.desk, taken)
    with pytest.raises(DecidedByAnother):
        _decides(cashier.desk, wish)
    assert balances() == PAID
    _decides(approver, wish)
    with pytest.raises(DecidedByAnother):
        _decides(approver, wish)
    assert balances() == OWED
    assert Document.objects.get().status == "annulled"
    (told,) = money_taken_back(bill_id=bill.id)
    assert told.amount == 52_000
    assert cashier.takes(bill).amount == 52_000, "it can be paid again, from its own due date"
    call_command("ledger_check")
    assert list(payments_as_sealed()) == []


def test_cash_does_not_bounce_and_a_rejected_word_changes_nothing(
    cashier: Cashier, bill: BillFacts, approver: Desk
) -> None:
    with pytest.raises(NotThisCheque):
        _told(cashier.desk, cashier.takes(bill))
    other = a_bill()
    wish = _told(cashier.desk, cashier.takes(other, cheque="A-100002"))
    _decides(approver, wish, granted=False)
    assert (Bounce.objects.get().status, balances()["clearing"]) == ("rejected", 104_000)


def test_a_count_that_fits_is_closed_by_another_officer(cashier: Cashier, bill: BillFacts, approver: Desk) -> None:
    cashier.takes(bill)
    cashier.takes(a_bill(), cheque="A-100001")
    cashier.counts(152_000, 52_000)
    with pytest.raises(DecidedByAnother):
        closes(cashier.desk, cashier)
    closes(approver, cashier, granted=False)
    assert Drawer.objects.get().status == "open", "counted again"
    cashier.counts(152_000, 52_000)
    closes(approver, cashier)
    with pytest.raises(DecidedByAnother):
        closes(approver, cashier)
    assert (Drawer.objects.get().status, Drawer.objects.get().difference) == ("closed", 0)
    call_command("ledger_check")


def test_what_a_drawer_is_off_by_needs_a_word_and_goes_to_suspense(
    cashier: Cashier, bill: BillFacts, approver: Desk
) -> None:
    cashier.takes(bill)
    with pytest.raises(NoDrawer):
        cashier.counts(151_000)
    cashier.counts(151_000, note="a note of 1,000 won was given too much")
    closes(approver, cashier)
    assert balances() == {"clearing": 51_000, "suspense": 1_000, "revenue": -52_000}
    call_command("ledger_check")


def test_the_day_is_green_when_the_bank_has_what_the_drawers_were_counted_to_hold(
    cashier: Cashier, bill: BillFacts, approver: Desk
) -> None:
    now = clock.now()
    day = business_days(on=clock.local_date(now)).of(now)
    cashier.takes(bill)
    bounced = cashier.takes(a_bill(), cheque="A-100001")
    assert "drawer_open" in {kind for kind, *_ in _differences(day)}
    cashier.counts(151_000, 52_000, note="1,000 won too little")
    closes(approver, cashier)
    _decides(approver, _told(cashier.desk, bounced))
    kinds = {(kind, ours) for kind, _, ours, _ in _differences(day)}
    assert kinds == {("not_paid_out", 103_000), ("not_paid_out", -52_000)}
    came = on(day, 9)
    bank_states(day, Told(103_000, ref="C-1", at=came), Told(52_000, ref="C-2", at=came, out=True))
    assert _differences(day) == []
    call_command("ledger_check")


def test_one_cheque_at_two_counters_at_one_moment_pays_once(
    cashier: Cashier, bill: BillFacts, as_role: AsRole, database_name: str
) -> None:
    other, second = a_cashier(as_role, "another"), a_bill()

    def tries(one: Cashier, pays: BillFacts) -> Callable[[AsRole], str]:
        def call(role: AsRole) -> str:
            one.desk.as_role = role
            try:
                one.takes(pays, cheque="A-100001")
            except ChequeKnown:
                return "refused"
            return "taken"

        return call

    assert sorted(at_once(database_name, [tries(cashier, bill), tries(other, second)])) == ["refused", "taken"]
    assert balances()["clearing"] == 52_000


def _told(desk: Desk, taken: CounterPayment) -> int:
    payment_id = taken.payment_id
    return int(desk.does(lambda: services.ask_bounce(payment_id=payment_id, reason="부도 통보", at=clock.now())))


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _decides(desk: Desk, bounce: int, *, granted: bool = True) -> None:
    desk.does(lambda: services.decide_bounce(bounce_id=bounce, granted=granted, at=clock.now()))


def _differences(day: date) -> list[tuple[str, str, int, int]]:
    close(day)
    return open_differences()


def test_what_is_being_taken_is_in_the_drawer_before_its_count_is_compared(
    cashier: Cashier, bill: BillFacts, database_name: str
) -> None:
    taken = Event()

    def takes(role: AsRole) -> str:
        with role("office"), session_secret(cashier.desk.secret), transaction.atomic(), connection.cursor() as cursor:
            _takes_inside(cashier, bill)
            taken.set()
            waiting = 0
            while not waiting:  # until the count waits for what is being taken
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(WAITING)
                ((waiting,),) = cursor.fetchall()
        return "taken"

    def counts(role: AsRole) -> str:
        taken.wait(timeout=60)
        try:
            with role("office"), session_secret(cashier.desk.secret), transaction.atomic():
                services.count_drawer(drawer_id=cashier.drawer, cash=100_000, cheques=0, note="", at=clock.now())
        except NoDrawer:
            return "refused"
        return "counted"

    assert sorted(at_once(database_name, [takes, counts])) == ["refused", "taken"]


def _takes_inside(cashier: Cashier, bill: BillFacts) -> None:
    services.take_at_counter(
        bill_ids=[bill.id],
        shown_amount=bill.amount,
        part=0,
        desk=services.OnTheDesk(Means.CASH, bill.amount),
        form_key="c" * 32,
        officer_id=cashier.desk.id,
        at=clock.now(),
    )
