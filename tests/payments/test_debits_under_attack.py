"""Automatic debit while the bank contradicts itself, bills change, mandates end, plans meet and days are off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from billing.models import Bill
from payments import services
from payments.falling_due import moments_of
from payments.models import Attempt, Debit, DebitLetter, Mandate
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import BillFacts, balances, today
from tests.payments.debits import (
    SEOUL,
    Giver,
    a_giver,
    attempts,
    due_today,
    evening,
    learn_now,
    morning,
    run,
    the_debit,
)
from tests.payments.deposits import take
from tests.payments.messages import arrive, movement_told
from tests.payments.plans import in_two_parts
from tests.payments.racing import at_once
from tests.payments.world import CLOSED, EMPTY, World, an_account
from tests.support.database import AsRole

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}
RUN = "payments.services.debits.run."


@pytest.fixture
def bill(db: None) -> BillFacts:
    return due_today()


@pytest.fixture
def giver(as_role: AsRole, bill: BillFacts) -> Giver:
    return a_giver(as_role, bill)


def failures() -> int:
    """Letters that say that something could not be debited."""
    return DebitLetter.objects.filter(kind="failed").count()


def told_after_all(attempt: Attempt, **changes: Any) -> str:
    """The bank says later that it did debit."""
    facts = {"occurredAt": attempt.created_at.isoformat(timespec="seconds"), "amount": attempt.amount, **changes}
    return str(arrive(movement_told(attempt.reference, **facts)))


def never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after its commit and before the bank hears of it."""
    with monkeypatch.context() as patch:
        patch.setattr(RUN + "_tell_the_bank", lambda attempts, at: None)
        run()
    assert attempts() == [("created", 52_000)]


def asks_until_it_knows() -> None:
    for minutes in (1, 5, 15, 30):
        services.sweep(at=morning() + timedelta(minutes=minutes))
    run(morning() + timedelta(minutes=40))


def test_a_yes_after_the_no_counts_and_nothing_more_is_tried(world: World, giver: Giver) -> None:
    giver.gives(world, an_account(EMPTY))
    run()
    assert (attempts(), failures()) == ([("declined", 52_000)], 1)
    assert told_after_all(Attempt.objects.get()) == "processed"
    assert run(evening()).tried == 0
    assert (the_debit().status, attempts(), balances()) == ("done", [("paid", 52_000)], PAID)


@pytest.mark.parametrize("second", ["declined", "lost"])
def test_a_yes_to_the_first_try_while_the_second_runs_ends_both_without_a_false_letter(
    world: World, giver: Giver, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver.gives(world, an_account(EMPTY))
    run()
    with monkeypatch.context() as patch:
        patch.setattr(RUN + "conclude_debits", lambda **moments: 0)
        if second == "lost":
            world.fault(fault="http_500", endpoint="debits")
        services.run_debits(at=evening(), make=False)
    first = Attempt.objects.earliest("pk")
    assert told_after_all(first) == "processed"
    for minutes in (1, 5, 15, 30):
        services.sweep(at=evening() + timedelta(minutes=minutes))
    run(evening() + timedelta(hours=1))
    assert (the_debit().status, the_debit().next_at, failures()) == ("done", None, 1)
    assert [status for status, _ in attempts()] == ["paid", "declined" if second == "declined" else "expired"]
    assert balances() == PAID


def test_what_the_bank_debits_twice_is_owed_back_once(world: World, giver: Giver) -> None:
    account = an_account(EMPTY)
    giver.gives(world, account)
    run()
    world.put_money_in(account, 52_000)
    run(evening())
    first = Attempt.objects.earliest("pk")
    told = movement_told(first.reference, 52_000, occurredAt=first.created_at.isoformat(timespec="seconds"))
    assert [arrive(told), arrive(told)] == ["processed", "processed"]
    assert balances() == {"clearing": 104_000, "revenue": -52_000, "overpayment": -52_000}
    assert the_debit().status == "done"
    call_command("ledger_check")


def test_another_amount_or_order_than_was_asked_for_is_not_believed(world: World, giver: Giver) -> None:
    giver.gives(world, an_account(EMPTY))
    run()
    attempt = Attempt.objects.get()
    assert told_after_all(attempt, amount=60_000) == "to_ask"
    assert told_after_all(attempt, orderId="PAY-OF-SOMEBODY-ELSE") == "unknown_order"
    services.sweep(at=morning() + timedelta(minutes=5))
    assert balances() == OWED


def paid_in_another_way(bill: BillFacts) -> object:
    return take(notice(entry(Told(bill.amount, slip=bill.epay_number))))


def cancelled(bill: BillFacts) -> object:
    return Bill.objects.filter(pk=bill.id).update(status="cancelled")


@pytest.mark.parametrize("over", [paid_in_another_way, cancelled])
def test_a_bill_that_is_over_between_making_and_telling_is_not_debited_nor_told_as_failed(
    world: World, giver: Giver, bill: BillFacts, over: Callable[[BillFacts], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    giver.gives(world)
    never_told(monkeypatch)
    over(bill)
    asks_until_it_knows()
    assert (the_debit().status, failures()) == ("not_needed", 0)
    assert Attempt.objects.get(channel="automatic_debit").status == "expired"
    assert balances() == (PAID if over is paid_in_another_way else OWED)


def test_a_bill_that_was_reduced_between_making_and_telling_is_debited_for_what_is_left(
    world: World, giver: Giver, bill: BillFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver.gives(world)
    never_told(monkeypatch)
    take(notice(entry(Told(20_000, slip=bill.epay_number))))
    asks_until_it_knows()
    run(evening())
    assert [(status, amount) for status, amount in attempts() if amount != 20_000] == [
        ("expired", 52_000),
        ("paid", 32_000),
    ]
    assert (the_debit().status, balances()) == ("done", PAID)


def test_a_mandate_that_ended_between_making_and_telling_is_not_debited(
    world: World, giver: Giver, monkeypatch: pytest.MonkeyPatch
) -> None:
    mandate = giver.gives(world)
    never_told(monkeypatch)
    with giver.here():
        services.end_own(reference=mandate.reference)
    learn_now()
    asks_until_it_knows()
    assert (the_debit().status, attempts()) == ("failed", [("expired", 52_000)])
    assert balances() == OWED


def test_a_no_for_a_bill_that_was_paid_meanwhile_is_no_failure_but_the_bank_is_asked_about_its_mandate(
    world: World, giver: Giver, bill: BillFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    mandate = giver.gives(world, an_account(CLOSED))
    with monkeypatch.context() as patch:
        patch.setattr(RUN + "conclude_debits", lambda **moments: 0)
        run()
    paid_in_another_way(bill)
    run(morning() + timedelta(minutes=1))
    assert (the_debit().status, failures()) == ("not_needed", 0)
    run(morning() + timedelta(minutes=2))
    mandate.refresh_from_db()
    assert mandate.status == "ended"


def test_two_parts_of_a_plan_that_are_to_be_debited_at_once_are_debited_one_after_the_other(
    world: World, as_role: AsRole, db: None
) -> None:
    """No worker ran on the first part's day, and the second falls due today."""
    bill = due_today(due=today() - timedelta(days=3))
    in_two_parts(bill, due=today() - timedelta(days=3), days=3)
    giver = a_giver(as_role, bill)
    giver.gives(world)
    Mandate.objects.update(began_on=today() - timedelta(days=10))
    assert (run().made, run(evening()).tried) == (2, 0)
    (first, late), second = attempts()
    assert first == "paid"
    assert late > 30_000, "with its surcharge"
    assert second == ("paid", 22_000)
    assert set(Debit.objects.values_list("status", flat=True)) == {"done"}
    assert balances()["clearing"] == late + 22_000
    call_command("ledger_check")


def test_two_workers_who_conclude_at_once_write_one_letter(
    world: World, giver: Giver, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver.gives(world, an_account(EMPTY))
    with monkeypatch.context() as patch:
        patch.setattr(RUN + "conclude_debits", lambda **moments: 0)
        run()

    def concludes(sign_in: AsRole) -> int:
        with sign_in("worker"):
            return services.run_debits(at=morning() + timedelta(minutes=1), make=False).concluded

    assert sorted(at_once(database_name, [concludes, concludes])) == [0, 1]
    assert (failures(), the_debit().next_at) == (1, evening())


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (date(2026, 6, 30), date(2026, 7, 3)),
        (date(2026, 9, 23), date(2026, 9, 30)),  # Chuseok and a weekend lie between
        (date(2026, 12, 31), date(2027, 1, 6)),  # New Year and a weekend
    ],
    ids=str,
)
def test_the_last_try_waits_for_working_days_and_the_first_does_not(db: None, due: date, last: date) -> None:
    moments = moments_of([due])[due]
    assert [moment.astimezone(SEOUL) for moment in moments] == [
        datetime.combine(due, time(10), SEOUL),
        datetime.combine(due, time(18), SEOUL),
        datetime.combine(last, time(10), SEOUL),
    ]


def test_a_bill_whose_date_was_moved_is_debited_on_the_new_one_only(
    world: World, giver: Giver, bill: BillFacts
) -> None:
    giver.gives(world)
    services.run_debits(at=morning() - timedelta(hours=1))
    tomorrow = today() + timedelta(days=1)
    Bill.objects.filter(pk=bill.id).update(due_on=tomorrow)
    assert run().tried == 0
    assert services.run_debits(at=morning() + timedelta(days=1), rounds=0).made == 1
    assert dict(Debit.objects.values_list("due_on", "status")) == {today(): "not_needed", tomorrow: "due"}
    assert Debit.objects.get(due_on=tomorrow).next_at == morning() + timedelta(days=1)
