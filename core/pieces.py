"""A file in encrypted pieces, which can be read from any place: nothing of it lies anywhere in plain."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE: Final = 1 << 20  # bytes of the file in one piece
TAG: Final = 16


def new_key() -> bytes:
    """A key for one file; never used for a second one, since a piece's number is its nonce."""
    return os.urandom(32)


def close_piece(key: bytes, *, number: int, content: bytes) -> bytes:
    """Piece `number` (from 0) of the file with this key; TAG bytes longer than `content`."""
    return AESGCM(key).encrypt(number.to_bytes(12, "big"), content, None)


def open_piece(key: bytes, *, number: int, closed: bytes) -> bytes:
    """What `close_piece` closed. Raises `cryptography.exceptions.InvalidTag` for anything else."""
    return AESGCM(key).decrypt(number.to_bytes(12, "big"), closed, None)


class PieceReader(io.RawIOBase):
    """The file of `size` bytes whose pieces `fetch` brings; every piece but the last holds PIECE bytes.

    `kept` is what the pieces lie in, to be closed with this.
    """

    def __init__(self, *, key: bytes, size: int, fetch: Callable[[int], bytes], kept: IO[bytes] | None = None) -> None:
        super().__init__()
        self._key, self._size, self._fetch, self._kept = key, size, fetch, kept
        self._place = 0
        self._number, self._piece = -1, b""

    def close(self) -> None:
        if self._kept:
            self._kept.close()
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(start + offset, 0)
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if self._place >= self._size:
            return 0
        number, start = divmod(self._place, PIECE)
        if number != self._number:
            self._piece = open_piece(self._key, number=number, closed=self._fetch(number))
            self._number = number
        part = self._piece[start : start + len(view)]
        view[: len(part)] = part
        self._place += len(part)
        return len(part)
