"""When the gateway is asked again about an attempt. An attempt ends only after an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from payments.states import BY_A_NUMBER, Channel, Status

FIRST: Final = timedelta(seconds=20)
LONGEST: Final = timedelta(minutes=10)
# Somebody holds the line: the gateway tells when keys were pressed, and where its word is lost we ask.
KEYS_EVERY: Final = timedelta(seconds=15)
DEPOSITS_EVERY: Final = timedelta(hours=1)
# How often a payment that waits for its payer is asked about meanwhile.
MEANWHILE: Final[Mapping[str, timedelta]] = {**dict.fromkeys(BY_A_NUMBER, DEPOSITS_EVERY), Channel.ARS: KEYS_EVERY}
# Deposits arrive after the due date too: the bank takes them, and a message about them may be lost.
AFTER_EXPIRY: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=10))
GRACE: Final = timedelta(seconds=30)
# The payer agreed and our word did not reach the gateway: say it again after this many questions.
CONFIRM_AGAIN_AFTER: Final = 2


def next_ask(*, status: str, channel: str, asks: int, expires_at: datetime, at: datetime) -> datetime | None:
    """The next moment to ask, or None when nothing more is to be learned.

    >>> from datetime import timezone
    >>> noon = datetime(2026, 6, 16, 12, tzinfo=timezone.utc)
    >>> next_ask(status="confirming", channel="card", asks=0, expires_at=noon, at=noon) - noon
    datetime.timedelta(seconds=20)
    >>> next_ask(status="paid", channel="card", asks=1, expires_at=noon, at=noon) is None
    True
    """
    if status in {Status.CREATED, Status.CONFIRMING}:
        return at + min(FIRST * (1 << min(asks, 10)), LONGEST)
    if status == Status.WAITING:
        if at >= expires_at:
            return at + min(FIRST * (1 << min(asks, 10)), LONGEST)
        return min(expires_at + GRACE, at + MEANWHILE[channel]) if channel in MEANWHILE else expires_at + GRACE
    if channel in BY_A_NUMBER:
        later = [expires_at + wait for wait in (GRACE, *AFTER_EXPIRY) if expires_at + wait > at]
        return later[0] if later else None
    return None
