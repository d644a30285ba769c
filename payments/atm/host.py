"""The host that banks connect to: sign-on, limits, one answer after the other on each line, a pool for the books."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from core import clock
from payments.atm.frames import LONGEST, frame, read_frame
from payments.atm.tries import Tries
from payments.atm.words import Answer, Asked, Code, Codec, Kind, Malformed, NotAuthentic

log = structlog.get_logger(__name__)
NETWORK: Final = frozenset({Kind.SIGN_ON, Kind.SIGN_OFF, Kind.ECHO})


@dataclass(frozen=True)
class Limits:
    """Connections, and seconds. A stranger is a connection that has not signed on."""

    connections: int = 2_000
    strangers: int = 100
    idle: float = 300.0
    sign_on: float = 10.0
    frame: float = 10.0
    answer: float = 10.0
    mistakes: int = 5


class Ended(Exception):
    """A connection is closed by us; the message is the reason, and goes into the log."""


@dataclass
class Line:
    """One connection of a bank. `at_work`: it waits for our answer, `last`: to the last thing that it is asked."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    bank: str = ""
    mistakes: int = 0
    at_work: bool = False
    last: bool = False
    tries: Tries = field(default_factory=Tries)


class Host:
    """`teller` answers what moves money or asks about it, in a thread of `pool`."""

    def __init__(
        self, *, codec: Codec, teller: Callable[[Asked], Answer], pool: Executor, limits: Limits | None = None
    ) -> None:
        self._codec = codec
        self._teller = teller
        self._pool = pool
        self._limits = limits or Limits()
        self._lines: dict[asyncio.Task[Any], Line] = {}

    async def listen(self, *, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._connected, host, port, limit=LONGEST, backlog=1024)

    async def close(self) -> None:
        """Let each connection finish the message it is at."""
        for task, line in self._lines.items():
            line.last = True
            if not line.at_work:
                task.cancel()
        if self._lines:
            await asyncio.wait(list(self._lines), timeout=self._limits.answer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        strangers = sum(not line.bank for line in self._lines.values())
        if task is None or len(self._lines) >= self._limits.connections or strangers >= self._limits.strangers:
            log.warning("atm.full", connections=len(self._lines), strangers=strangers)
            writer.close()
            return
        line = self._lines[task] = Line(reader, writer)
        try:
            await self._talk(line)
        except (Ended, Malformed) as reason:
            log.warning("atm.closed", bank=line.bank, reason=str(reason))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            log.info("atm.gone", bank=line.bank, reason=type(error).__name__)
        finally:
            del self._lines[task]
            writer.close()

    async def _talk(self, line: Line) -> None:
        while not line.last:
            idle = self._limits.idle if line.bank else self._limits.sign_on
            data = await read_frame(line.reader, idle=idle, within=self._limits.frame)
            line.at_work = True
            answer = await self._heard(line, data)
            if answer is not None:
                line.writer.write(frame(answer))
                async with asyncio.timeout(self._limits.answer):
                    await line.writer.drain()
            line.at_work = False

    async def _heard(self, line: Line, data: bytes) -> bytes | None:
        try:
            asked = self._codec.read(data, at=clock.now())
        except Malformed as malformed:
            if not line.bank:
                raise
            self._mistaken(line, str(malformed))
            return None
        except NotAuthentic as forged:
            if not line.bank or forged.asked is None:
                raise Ended("a MAC that does not fit") from None
            asked, said = forged.asked, Answer(Code.NOT_AUTHENTIC)
        else:
            said = await self._said(line, asked)
        if said.code in {Code.NOT_AUTHENTIC, Code.MALFORMED}:
            self._mistaken(line, f"answered {said.code.value}")
        return self._codec.write(asked, said)

    async def _said(self, line: Line, asked: Asked) -> Answer:
        if not line.bank and asked.kind != Kind.SIGN_ON:
            raise Ended("no sign-on")
        if line.bank and asked.bank != line.bank:
            return Answer(Code.NOT_AUTHENTIC)
        if asked.kind in NETWORK:
            line.bank = "" if asked.kind == Kind.SIGN_OFF else asked.bank
            return Answer(Code.DONE)
        if asked.payer and line.tries.used_up(at=clock.now()):
            return Answer(Code.TOO_MANY_TRIES)
        said = await asyncio.get_running_loop().run_in_executor(self._pool, self._teller, asked)
        if asked.payer and said.code == Code.NOT_FOUND:
            line.tries.note(at=clock.now())
        return said

    def _mistaken(self, line: Line, reason: str) -> None:
        """The last one ends the connection; the answer to it is not sent."""
        line.mistakes += 1
        if line.mistakes >= self._limits.mistakes:
            raise Ended(f"{line.mistakes} mistakes, the last: {reason}")
        log.warning("atm.mistake", bank=line.bank, reason=reason)
