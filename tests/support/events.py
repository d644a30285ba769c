"""Running what was published, as relay and worker would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import clock, outbox


@pytest.fixture
def deliver_events(db: None) -> Callable[[], int]:
    """Deliver everything published, and what the handlers publish in turn; returns the number of deliveries."""

    def run() -> int:
        done = 0
        for _ in range(50):
            at = clock.now() + timedelta(seconds=1)
            moved = outbox.fan_out(at=at)
            claimed = outbox.claim_due(at=at)
            done += sum(outbox.deliver(delivery_id=pk) for pk in claimed)
            if not moved and not claimed:
                return done
        raise AssertionError("events keep causing events")

    return run
