"""The connection to the city's host: signed on when it is first needed, made anew when it broke."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.atm import wire
from sandbox.atm.wire import BadAnswer, Fields

ANSWER_WITHIN = 20.0
ECHO_EVERY = 120.0


class NoAnswer(Exception):
    """Nobody knows what the city did."""


@dataclass(frozen=True)
class Message:
    """Something to send; `spoiled` is how: "" | "mac" (wrong MAC) | "cut" (the connection breaks in the middle)."""

    mti: str
    fields: Fields
    spoiled: str = ""


class Line:
    """One at a time: the city answers in the order of what it is asked."""

    def __init__(self, *, host: str, port: int, bank: str, key: bytes) -> None:
        self.bank = bank
        self._address = (host, port)
        self._key = key
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._stans = itertools.count(int(datetime.now(UTC).timestamp()) % 900_000)

    def head(self) -> Fields:
        """What every message of this bank has; DE7 and DE11 name it for ever."""
        stan = next(self._stans) % 1_000_000
        return {7: f"{datetime.now(UTC):%m%d%H%M%S}".encode(), 11: b"%06d" % stan, 32: self.bank.encode()}

    async def ask(self, *messages: Message) -> list[Fields]:
        """Send all, then read the answer of each. Raises `NoAnswer`; then the connection is given up."""
        async with self._turn:
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    return await self._exchange(messages)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, BadAnswer) as error:
                self._give_up()
                raise NoAnswer(type(error).__name__) from error

    async def keep_alive(self) -> None:
        """An echo now and then, so that the city does not hang up."""
        while True:
            await asyncio.sleep(ECHO_EVERY)
            if self._streams:
                with suppress(NoAnswer):
                    await self.ask(Message("0800", {**self.head(), 70: b"301"}))

    def close(self) -> None:
        self._give_up()

    async def _exchange(self, messages: Sequence[Message]) -> list[Fields]:
        reader, writer = self._streams or await self._sign_on()
        for message in messages:
            data = wire.pack(message.mti, message.fields, key=self._key)
            if message.spoiled == "mac":
                data = data[:-1] + bytes([data[-1] ^ 1])
            framed = len(data).to_bytes(2, "big") + data
            if message.spoiled == "cut":
                writer.write(framed[: len(framed) // 2])
                await writer.drain()
                raise ConnectionError("broken on purpose")
            writer.write(framed)
        await writer.drain()
        return [await self._answer(reader) for _ in messages]

    async def _answer(self, reader: asyncio.StreamReader) -> Fields:
        size = int.from_bytes(await reader.readexactly(2), "big")
        _, fields = wire.unpack(await reader.readexactly(size), key=self._key)
        return fields

    async def _sign_on(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = reader, writer = await asyncio.open_connection(*self._address)
        data = wire.pack("0800", {**self.head(), 70: b"001"}, key=self._key)
        writer.write(len(data).to_bytes(2, "big") + data)
        if (await self._answer(reader)).get(39) != b"00":
            raise BadAnswer("the city does not let us sign on")
        return reader, writer

    def _give_up(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None
