from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import override_settings

from tests.refunds.cast import Deliver, Office, an_office
from tests.support.database import AsRole


@pytest.fixture
def deliver(deliver_events: Callable[[], int]) -> Deliver:
    """What refunds and payments hear: documents are drawn, and points credited, in tests of their own."""
    heard = {
        topic: [handler for handler in handlers if not handler.startswith(("receipts.", "mileage."))]
        for topic, handlers in settings.SUBSCRIPTIONS.items()
    }

    def run() -> int:
        with override_settings(SUBSCRIPTIONS=heard):
            return deliver_events()

    return run


@pytest.fixture
def office(db: None, as_role: AsRole, deliver: Deliver) -> Office:
    return an_office(as_role, deliver)
