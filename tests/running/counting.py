"""A handler slow enough to be killed in the middle of its work."""

from __future__ import annotations

import time

from core import audit, outbox

WORK = 0.01  # seconds


def count(event: outbox.Event) -> None:
    audit.record(action="test.counted", subject=f"number:{event.payload['number']}")
    time.sleep(WORK)
