"""What a gateway settles is asked of it; where it does not answer, the day says so and is not green."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from core import clock
from payments.gateways import registry
from payments.models import BusinessDay, SettlementLine
from payments.reconcile import compare
from payments.reconcile.business_day import business_days
from payments.reconcile.fetch import fetch_settlements
from tests.payments.days import GATEWAY
from tests.payments.world import World, outside_alone

__all__ = ["outside_alone"]
pytestmark = [pytest.mark.socket, pytest.mark.usefixtures("db")]


def test_lines_of_a_gateway_are_kept_once(world: World) -> None:
    world.acquirer.paid("SHOP-SETTLED", 50_000)
    today = clock.local_date(clock.now())
    for _ in range(2):
        assert fetch_settlements(gateway=registry.gateway(GATEWAY), start=today, end=today)
    line = SettlementLine.objects.get(reference="SHOP-SETTLED")
    assert (line.amount, line.fee + line.fee_tax, line.paid_out) == (50_000, 400, 49_600)


def test_a_day_is_not_green_while_its_gateway_is_silent(world: World) -> None:
    at = clock.now()
    day = business_days(on=clock.local_date(at)).last_ended(at)
    world.fault(fault="http_500", endpoint="settlements", times=1)
    assert compare.reconcile(day=day, at=at).unanswered == (GATEWAY,)
    assert BusinessDay.objects.get(day=day).unanswered == [GATEWAY]
    call_command("reconcile", "--day", str(day))
    assert BusinessDay.objects.get(day=day).unanswered == []


def test_the_worker_compares_the_last_days_by_itself(world: World) -> None:
    # From the cut-off on, today is among the days, and the acquirer remembers what it sold to other tests.
    before_all_sales = clock.now() - timedelta(days=1)
    compared = compare.reconcile_recent(at=before_all_sales)
    assert len(compared) == compare.LOOK_BACK
    assert all(one.green for one in compared)
