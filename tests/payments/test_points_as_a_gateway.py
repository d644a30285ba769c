"""Points keep the contract of gateways as money does, and no adapter goes without one."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Taxpayer
from core import clock
from mileage import services as points
from mileage.functions import call
from payments.gateways import registry
from payments.gateways.base import Gateway, GatewayPayment, Order
from payments.gateways.mileage import OwnPoints
from tests.billing.people import citizen_session
from tests.mileage.world import a_taxpayer, give
from tests.payments.cast import Visitor
from tests.payments.contract import CardMoneyBackContract, GatewayContract
from tests.support.database import AsRole

HELD_IN = ("test_sandbox_acquirer", "test_toss", "test_pooled_numbers", "test_points_as_a_gateway")


@pytest.fixture
def gateway() -> Gateway:
    return registry.gateway(OwnPoints.name)


@pytest.fixture
def world(db: None, as_role: AsRole) -> Visitor:
    """Somebody signed in who has points."""
    person: Taxpayer = a_taxpayer()
    give(person, 60_000, until=date(2036, 1, 1), at=clock.now())
    return Visitor(as_role, citizen_session(as_role, person))


class TestOwnPoints(CardMoneyBackContract):
    """Points are kept, spent as they are booked, and given back; nobody is called."""

    adapter = OwnPoints

    def paid(self, gateway: Gateway, world: Any, wanted: Order) -> GatewayPayment:
        with world.here(), transaction.atomic():
            points.ask_use(reference=wanted.reference, way=points.Way.BILL, points=wanted.amount, at=clock.now())
        call("mileage_spend", wanted.reference, wanted.amount, "clearing", clock.now())
        return self.asked(gateway, wanted)


def test_every_adapter_that_can_be_set_up_is_held_to_the_contract() -> None:
    for module in HELD_IN:
        import_module(f"tests.payments.{module}")
    assert {one.adapter for one in _held(GatewayContract) if "adapter" in vars(one)} == set(registry.ADAPTERS.values())


def _held(part: type[GatewayContract]) -> set[type[GatewayContract]]:
    return {part}.union(*(_held(one) for one in part.__subclasses__()))
