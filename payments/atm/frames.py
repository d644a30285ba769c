"""Frames on a connection: two bytes of length, then a message; bounded in size and time."""

from __future__ import annotations

import asyncio
from typing import Final

from payments.atm.words import Malformed

SHORTEST: Final = 20
LONGEST: Final = 2_048
HEAD: Final = 2


async def read_frame(reader: asyncio.StreamReader, *, idle: float, within: float) -> bytes:
    """The next message; its beginning may take `idle` seconds, the rest `within`.

    Raises `TimeoutError`, `asyncio.IncompleteReadError` at the end of the connection, and `Malformed` for a length
    after which nothing on this connection can be read any more.
    """
    async with asyncio.timeout(idle):
        head = await reader.readexactly(1)
    async with asyncio.timeout(within):
        size = int.from_bytes(head + await reader.readexactly(HEAD - 1), "big")
        if not SHORTEST <= size <= LONGEST:
            raise Malformed("a frame of a length that no message has")
        return await reader.readexactly(size)


def frame(message: bytes) -> bytes:
    return len(message).to_bytes(HEAD, "big") + message


def frames_of(data: bytes) -> list[bytes]:
    """The messages of a file of frames. Raises `Malformed` where one does not fit."""
    found: list[bytes] = []
    place = 0
    while place < len(data):
        size = int.from_bytes(data[place : place + HEAD], "big")
        place += HEAD + size
        if not SHORTEST <= size <= LONGEST or place > len(data):
            raise Malformed(f"frame {len(found) + 1} does not fit")
        found.append(data[place - size : place])
    return found
