"""Waiting on purpose, without making anybody wait who wants to stop the process."""

from __future__ import annotations

import asyncio
import contextlib

stopping = asyncio.Event()


async def pause(seconds: float) -> None:
    """Until the time is over or the process is told to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
