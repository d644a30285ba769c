"""Notifications of many payments and of money taken back, shuffled, repeated and dropped, end in the same books as in
their own order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

import pytest
from django.core.management import call_command

from payments.models import Payment, Reversal
from payments.services import Started
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import deliver
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
