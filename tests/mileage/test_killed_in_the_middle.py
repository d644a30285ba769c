"""`kill -9` while points pay a bill, or a part of it: never spent twice, never lost, asked until it is known."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.access import Role
from billing import services as billing
from billing.models import Bill
from core import clock, outbox
from mileage.models import Entry, Use
from mileage.services import ask_use, batches
from mileage.states import UseStatus, Way
from payments import services
from payments.models import Attempt, Transfer
from payments.services import Wish
from refunds.services import look_at_bill
from tests.accounts.people import at_a_desk
from tests.mileage.test_leaving_the_house import sent
from tests.mileage.test_points_come_back import Payer, payer
from tests.mileage.test_under_attack import CASH
from tests.payments.cast import balances, sweep_later
from tests.payments.killing import Doomed
from tests.refunds.cast import pays
from tests.support.database import AsRole

__all__ = ["payer"]


class Killed(BaseException):
    """The process is gone: nothing that catches errors sees it, and its transaction ends with it."""


def die(*arguments: Any, **named: Any) -> None:
    raise Killed


def after(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step is done, and committed; then the process is gone."""

    def done(*arguments: Any, **named: Any) -> None:
        step(*arguments, **named)
        raise Killed

    return done


def keeps(payer: Payer, points: int, key: str = "a" * 32) -> services.PaidWithPoints:
    wish = Wish([payer.bill.id], payer.bill.amount, key, "ko")
    with payer.visitor.here():
        return services.pay_with_points(wish=wish, points=points, at=clock.now())


@pytest.mark.parametrize(
    ("place", "name", "how"),
    [
        ("payments.services.ask", "settle", die),
        ("payments.services.ask", "settle", after),
        ("payments.gateways.mileage", "_told", die),
    ],
    ids=["before the posting", "after it", "while the points are asked about"],
)
def test_a_worker_that_dies_around_the_posting_spends_points_once(
    payer: Payer, monkeypatch: pytest.MonkeyPatch, place: str, name: str, how: Callable[..., Any]
) -> None:
    keeps(payer, 12_000)
    module = sys.modules[place]
    with monkeypatch.context() as here:
        here.setattr(module, name, die if how is die else after(getattr(module, name)))
        with pytest.raises(Killed):
            services.ask_gateway(attempt_id=Attempt.objects.get().pk, at=clock.now())
    assert Attempt.objects.get().status in {"created", "paid"}  # never called failed
    payer.hear()
    sweep_later(after=timedelta(minutes=1))
    assert (Attempt.objects.get().status, Use.objects.get().status) == ("paid", UseStatus.SPENT)
    assert Entry.objects.filter(kind="spent").count() == 1
    assert payer.left == 48_000
    assert payer.stands() == {"receivable": 40_000}


def test_the_public_process_dies_while_it_keeps_points_and_the_same_form_begins_anew(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr(outbox, "publish", die)
        keeps(payer, 12_000)
    assert (payer.left, Attempt.objects.count()) == (60_000, 0)
    assert keeps(payer, 12_000) == keeps(payer, 12_000)
    payer.hear()
    assert payer.left == 48_000
    assert payer.stands() == {"receivable": 40_000}


@pytest.mark.parametrize(
    "script", ['of("ask").settle = die', 'of("ask").settle = then_die(of("ask").settle)'], ids=["before", "after"]
)
def test_a_process_killed_around_the_posting_spends_points_once(payer: Payer, doomed: Doomed, script: str) -> None:
    keeps(payer, 12_000)
    ask = 'services.ask_gateway(attempt_id=facts["attempt"], at=clock.now())'
    doomed("worker", f"{script}\n{ask}", attempt=Attempt.objects.get().pk)
    payer.hear()
    sweep_later(after=timedelta(minutes=1))
    assert Use.objects.get().status == UseStatus.SPENT
    assert payer.left == 48_000
    assert payer.stands() == {"receivable": 40_000}


def test_a_worker_dies_as_it_frees_points_of_a_bill_that_was_paid_meanwhile(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps(payer, 52_000)
    pays(payer.bill, 52_000)
    points = sys.modules["payments.gateways.mileage"].points
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr(points, "release", after(points.release))
        services.ask_gateway(attempt_id=Attempt.objects.get(channel="mileage").pk, at=clock.now())
    payer.hear()
    assert Attempt.objects.get(channel="mileage").status == "declined"
    assert (payer.left, Entry.objects.filter(kind="released").count()) == (60_000, 1)
    assert payer.stands() == {"clearing": 52_000}


def test_a_worker_dies_between_giving_points_back_and_the_bill_that_owes_again(
    payer: Payer, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer.with_points(52_000)
    payment = Attempt.objects.get().payments.get().pk
    with at_a_desk(as_role, Role.COLLECTOR, email="one@example.com") as one:
        wish = services.ask_cancellation(
            payment_id=payment, amount=2_000, reason="착오", officer_id=one.account, at=clock.now()
        )
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com") as two:
        services.decide_cancellation(cancellation_id=wish, granted=True, officer_id=two.account, at=clock.now())
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr(sys.modules["payments.services.cancel_payment"], "ask_gateway", die)
        services.carry_out_cancellation(cancellation_id=wish, at=clock.now())
    assert payer.left == 10_000
    for _ in range(2):
        sweep_later(after=timedelta(minutes=1))
    payer.hear()
    assert payer.left == 10_000
    assert payer.stands() == {"receivable": 2_000}


@pytest.mark.parametrize("name", ["_give_back", "return_days"])
def test_a_worker_dies_while_a_reduced_bill_gives_its_points_back(
    payer: Payer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    payer.with_points(52_000)
    line = Bill.objects.get(pk=payer.bill.id).lines.order_by("position").values_list("pk", flat=True)[0]
    facts: dict[str, Any] = {"reason": "x", "asked_by_id": payer.clerk, "at": clock.now()}
    billing.reduce_bill(bill_id=payer.bill.id, lines={line: 5_000}, **facts)
    giving = sys.modules["payments.services.return_points"]
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr(giving, name, after(getattr(giving, name)))  # everything is written, and nothing committed
        look_at_bill(bill_id=payer.bill.id, at=clock.now())
    assert payer.left == 8_000
    payer.hear()
    assert payer.left == 13_000
    assert payer.stands() == {}


def test_a_worker_dies_between_points_spent_and_the_money_ordered(
    payer: Payer, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    with payer.visitor.here():
        ask_use(reference="USE-1", way=Way.CASH, points=5_000, target=CASH, at=clock.now())
    number = sent(as_role, Way.CASH, "").pk
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr(outbox, "publish", die)
        batches.pay_cash(batch_id=number, at=clock.now())
    assert Use.objects.get().status == UseStatus.RESERVED
    payer.hear()
    batches.pay_cash(batch_id=number, at=clock.now())
    payer.hear()
    assert (Transfer.objects.get().amount, payer.left) == (5_000, 55_000)
    assert balances()["clearing"] == -5_000
