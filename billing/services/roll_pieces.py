"""The file of a roll between the office that brings it and the worker that reads it: encrypted, in pieces."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from django.db import connection

from accounts.services.sealing import open_seal, seal
from billing.models import LevyRoll, RollPiece
from core.pieces import PIECE, PieceReader, close_piece, new_key

SEAL_USE: Final = "levy roll"


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """The file from its beginning, a mebibyte at a time."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def keep_file(*, roll_id: int, file: BinaryIO) -> bytes:
    """Keep a roll's file; returns its key, sealed to the vault. Who keeps it can't read it again."""
    key = new_key()
    with connection.cursor() as cursor:
        for number, piece in enumerate(pieces_of(file)):
            cursor.execute(
                "INSERT INTO billing_rollpiece (roll_id, number, content) VALUES (%s, %s, %s)",
                [roll_id, number, close_piece(key, number=number, content=piece)],
            )
    return seal(text=key.hex(), use=SEAL_USE)


def open_file(roll: LevyRoll) -> BinaryIO:
    """The file in plain, read piece by piece; the worker only."""
    key = bytes.fromhex(open_seal(sealed=bytes(roll.sealed_key or b""), use=SEAL_USE))

    def fetch(number: int) -> bytes:
        found = RollPiece.objects.filter(roll_id=roll.pk, number=number).values_list("content", flat=True)
        return bytes(found.get())

    return io.BufferedReader(PieceReader(key=key, size=roll.size, fetch=fetch), PIECE)


def forget_file(*, roll_id: int) -> None:
    """Remove a file that has been read, or that nobody will read."""
    RollPiece.objects.filter(roll_id=roll_id).delete()
    LevyRoll.objects.filter(pk=roll_id).update(sealed_key=None)
