"""Whatever the order in which settlements and statements come, and however often one compares, the same differs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command

from payments.gateways.base import SettlementLine
from payments.models import Difference
from tests.payments.bank_messages import Told
from tests.payments.cast import balances
from tests.payments.days import (
    GATEWAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    bank_states,
    close,
    gateway_tells,
    on,
    open_differences,
    sale,
    settled,
)

THURSDAY = WEDNESDAY + timedelta(days=1)
DAYS = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)


def news(random: Random) -> tuple[list[Callable[[], object]], dict[str, int]]:
    """Three days of sales; of some the gateway says nothing, or another sum, and one payout never comes."""
    arriving: list[Callable[[], object]] = []
    expected = {"not_settled": 0, "amount": 0, "not_paid_out": 0, "not_posted": 1}
    for place, day in enumerate((MONDAY, TUESDAY)):
        lines: list[SettlementLine] = []
        for nth in range(4):
            paid = sale(10_000 + 1_300 * (4 * place + nth), at=on(day, 9 + nth))
            fate = random.choice(("settled", "settled", "missing", "wrong"))
            expected["not_settled"] += fate == "missing"
            expected["amount"] += fate == "wrong"
            if fate != "missing":
                lines.append(settled(paid.movement_id, paid.amount - 100 * (fate == "wrong"), sold=day, fee=100))
        if place == 0:
            lines.append(settled("txn_unknown", 777, sold=day))
        arriving += [lambda line=line: gateway_tells(line, line) for line in lines]  # type: ignore[misc]
        due = sum(line.paid_out for line in lines)
        if random.random() < 0.6 and due:
            out = day + timedelta(days=2)
            arriving.append(lambda out=out, due=due: bank_states(out, Told(due, ref=f"OUT-{out}", at=on(out))))  # type: ignore[misc]
        else:
            expected["not_paid_out"] += due != 0
    return arriving, {kind: count for kind, count in expected.items() if count}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("db")
def test_late_shuffled_and_missing_lines_end_in_the_same_differences(seed: int) -> None:
    random = Random(seed)  # noqa: S311 (a shuffle that can be repeated)
    arriving, expected = news(random)
    random.shuffle(arriving)
    for come in arriving:
        come()
        close(random.choice(DAYS))
    for day in random.sample(DAYS, len(DAYS)):
        close(day)
    found = open_differences()
    assert {kind: sum(row[0] == kind for row in found) for kind, *_ in found} == expected
    before = (found, balances(), Difference.objects.filter(gateway=GATEWAY).count())
    for day in DAYS:
        close(day)
    assert (open_differences(), balances(), Difference.objects.filter(gateway=GATEWAY).count()) == before
    call_command("ledger_check")
