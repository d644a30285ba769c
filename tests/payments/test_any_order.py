"""Notifications of many payments and of money taken back, shuffled, repeated and dropped, end in the same books as in
their own order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from random import Random

import pytest
from django.core.management import call_command

from core import clock
from payments.models import Attempt, Payment, Reversal
from payments.services import Started
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import deliver
from tests.payments.test_convenience_store import starts
from tests.payments.world import World
from tests.sandbox.processes import Heard
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@dataclass(frozen=True)
class Payer:
    """A virtual account, the sums sent to it, and which of them the bank takes back."""

    bill: BillFacts
    started: Started
    sums: tuple[int, ...]
    returned: tuple[int, ...]

    @property
    def kept(self) -> int:
        return sum(self.sums) - sum(self.sums[place] for place in self.returned)


SUMS: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((52_000,), ()),
    ((20_000, 32_000), ()),
    ((60_000,), ()),
    ((1, 51_999, 5), ()),
    ((52_000,), (0,)),
    ((52_000, 52_000), (0,)),
    ((20_000, 32_000, 10_000), (1,)),
]


def pay(world: World, as_role: AsRole, *, payers_wanted: int) -> tuple[list[Payer], list[Heard]]:
    """Every payer sends their money; what the acquirer then tells, in its order."""
    payers, heard = [], []
    for sums, returned in islice(cycle(SUMS), payers_wanted):
        bill = a_bill()
        started = a_visitor(as_role, bill).starts_account(bill)
        reference = attempt_of(started).reference
        moved = []
        for amount in sums:
            moved.append(world.deposit(attempt_of(started).virtual_account.number, amount))
            heard.append(world.heard(reference))
        for place in returned:
            world.take_back(moved[place])
            heard.append(world.heard(reference))
        payers.append(Payer(bill, started, sums, returned))
    return payers, heard


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_repeated_and_dropped_notifications_end_in_the_same_books(
    world: World, as_role: AsRole, payers_wanted: int, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 (a shuffle that can be repeated)
    payers, heard = pay(world, as_role, payers_wanted=payers_wanted)
    told = [one for one in heard for _ in range(random.choice((0, 1, 1, 2, 3)))]
    random.shuffle(told)
    for one in told:
        deliver(one)
        if random.random() < 0.2 * len(SUMS) / payers_wanted:
            sweep_later()
    for payer in payers:
        # The hourly question, at its earliest.
        attempt_of(payer.started).__class__.objects.filter(pk=attempt_of(payer.started).pk).update(
            ask_at=attempt_of(payer.started).created_at
        )
    for _ in range(1 + payers_wanted // 100):  # a sweep takes 200 at once
        sweep_later()
    came = sum(payer.kept for payer in payers)
    over = sum(max(payer.kept - payer.bill.amount, 0) for payer in payers)
    short = sum(max(payer.bill.amount - payer.kept, 0) for payer in payers)
    levied = sum(payer.bill.amount for payer in payers)
    assert balances() == {"clearing": came, "overpayment": -over, "receivable": short, "revenue": -levied}
    assert Payment.objects.count() == sum(len(payer.sums) for payer in payers)
    for payer in payers:
        paid = payer.kept >= payer.bill.amount
        assert attempt_of(payer.started).status == ("paid" if paid else "waiting")
    assert Reversal.objects.filter(posted_at__isnull=False).count() == sum(len(payer.returned) for payer in payers)
    call_command("ledger_check")


def paid_by_card(world: World, visitor: Visitor, bill: BillFacts, objection: str) -> list[Heard]:
    """A card is charged, then perhaps the cardholder objects, and the card company decides."""
    started = visitor.starts_card(bill)
    reference = attempt_of(started).reference
    world.agree(started.go_to)
    visitor.returns(started)
    told = [world.heard(reference)]
    if objection:
        key = world.object_to(reference)
        told.append(world.heard(reference))
        if objection == "won":
            world.decide(key, "won")
            told.append(world.heard(reference))
    return told


def paid_at_a_till(world: World, visitor: Visitor, bill: BillFacts, voided: str) -> list[Heard]:
    attempt = attempt_of(starts(visitor, bill))
    sold = world.pay_at_till(attempt.virtual_account.number)
    told = [world.heard(attempt.reference)]
    if voided:
        world.void_at_till(sold)
        told.append(world.heard(attempt.reference))
    return told


# How a bill is paid, what becomes of it, and whether the money stays.
WAYS = [
    (paid_by_card, "", True),
    (paid_by_card, "open", False),
    (paid_by_card, "won", True),
    (paid_at_a_till, "", True),
    (paid_at_a_till, "voided", False),
]


@pytest.mark.parametrize("seed", range(2))
def test_cards_tills_and_objections_told_in_any_order_end_in_the_same_books(
    world: World, as_role: AsRole, seed: int
) -> None:
    random, told, kept = Random(seed), [], 0  # noqa: S311 (a shuffle that can be repeated)
    for pay_so, end, stays in WAYS:
        bill = a_bill()
        heard = pay_so(world, a_visitor(as_role, bill), bill, end)
        told += [one for one in heard for _ in range(random.choice((0, 1, 1, 2)))]
        kept += bill.amount * stays
    random.shuffle(told)
    for one in told:
        deliver(one)
        if random.random() < 0.3:
            sweep_later()
    for _ in range(2):
        Attempt.objects.update(ask_at=clock.now())
        sweep_later(after=timedelta(seconds=1))
    levied = 52_000 * len(WAYS)
    assert balances() == {"clearing": kept, "receivable": levied - kept, "revenue": -levied}
    assert Payment.objects.count() == len(WAYS) + 1, "an objection that was won brings the money a second time"
    call_command("ledger_check")
