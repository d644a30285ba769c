"""Work that stays due where it fails: each row by itself, and none keeps another back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import structlog

log: Final = structlog.get_logger(__name__)


def one_by_one(ids: Iterable[int], work: Callable[[int, datetime], object], *, at: datetime) -> int:
    """Do the work for each row by itself; how many it says it did. One that fails stays due and keeps no other back."""
    done = 0
    for pk in ids:
        try:
            done += bool(work(pk, at))
        except Exception:
            log.exception("stays_due", work=f"{work.__module__}.{getattr(work, '__name__', '')}", id=pk)
    return done
