from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import override_settings

from billing.models import Bill
from tests.appeals.cast import Court, Deliver, Petitioner, a_court, a_petitioner
from tests.billing.conftest import csv_of, imported, issued, officers
from tests.payments.cast import BillFacts
from tests.support.database import AsRole

__all__ = ["imported", "issued", "officers"]


@pytest.fixture
def deliver(deliver_events: Callable[[], int]) -> Deliver:
    """What the court, billing and refunds hear: documents are drawn, and points credited, in tests of their own."""
    heard = {
        topic: [handler for handler in handlers if not handler.startswith(("receipts.", "mileage."))]
        for topic, handlers in settings.SUBSCRIPTIONS.items()
    }

    def run() -> int:
        with override_settings(SUBSCRIPTIONS=heard):
            return deliver_events()

    return run


@pytest.fixture
def real_bill(issued: Callable[[str], int]) -> BillFacts:
    """A bill out of a roll: its page can say how it came about."""
    issued(csv_of({}))
    bill = Bill.objects.get()
    return BillFacts(bill.pk, bill.epay_number, bill.amount, bill.taxpayer.name, bill.taxpayer_id)


@pytest.fixture
def petitioner(db: None, as_role: AsRole) -> Petitioner:
    return a_petitioner(as_role)


@pytest.fixture
def court(db: None, as_role: AsRole, deliver: Deliver) -> Court:
    return a_court(as_role, deliver)
