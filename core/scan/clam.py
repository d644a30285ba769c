"""ClamAV's daemon over its own protocol: `INSTREAM` sends the file in pieces, the answer is one line."""

from __future__ import annotations

import socket
import struct
from typing import Final

PIECE: Final = 64 * 1024
LONGEST_ANSWER: Final = 4096
PATIENCE: Final = 60.0


class ScannerSilent(Exception):
    """The scanner could not be reached, or said something else than whether the file is clean."""


def is_clean(content: bytes, *, address: str) -> bool:
    """Whether the scanner at `host:port`, or at the path of its socket, finds nothing. Raises ScannerSilent."""
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                connection.sendall(struct.pack(">I", len(piece)) + piece)
            connection.sendall(struct.pack(">I", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerSilent(str(error)) from error
    if answer == "stream: OK":
        return True
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return False
    raise ScannerSilent(answer)


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _answer(connection: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        more = connection.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
