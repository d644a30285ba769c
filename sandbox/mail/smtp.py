"""The SMTP side: takes everything, except for recipients that fail on purpose."""

from __future__ import annotations

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail import letter
from sandbox.mail.box import Box
from sandbox.pauses import pause

MOST_BYTES = 10 * 1024 * 1024
MOST_RECIPIENTS = 100
MOST_CONNECTIONS = 50
TIMEOUT = 60.0
SLOW = 3.0
REFUSALS = {
    "bounce": "550 5.1.1 No such mailbox",
    "full": "452 4.2.2 Mailbox full, try later",
}


class Catcher:
    """aiosmtpd's handler: its method names are its own."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        local = address.partition("@")[0].lower()
        if local in REFUSALS:
            return REFUSALS[local]
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if any(address.lower().startswith("slow@") for address in envelope.rcpt_tos):
            await pause(SLOW)
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self._box.put(
            sender=_shown(envelope.mail_from or ""),
            recipients=[_shown(address) for address in envelope.rcpt_tos],
            subject=letter.read(raw).subject(),
            raw=raw,
        )
        return "250 OK"


def _shown(address: str) -> str:
    return address.encode("utf-8", errors="replace").decode()


class Server:
    """Listens in the event loop that also serves the pages."""

    def __init__(self, box: Box, *, host: str, port: int) -> None:
        self._catcher = Catcher(box)
        self._host = host
        self._port = port
        self._open: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self._catcher, self._open), self._host, self._port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()


class _Connection(SMTP):
    def __init__(self, catcher: Catcher, others: set[_Connection]) -> None:
        super().__init__(catcher, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="sandbox", timeout=TIMEOUT)
        self._others = others

    def connection_made(self, transport: Any) -> None:
        if len(self._others) >= MOST_CONNECTIONS:
            transport.write(b"421 4.3.2 Too many connections\r\n")
            transport.close()
            return
        self._others.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._others:
            self._others.discard(self)
            super().connection_lost(error)
