"""ISO 8583 as docs/protocols/atm.md has it, written by hand: bytes to fields and back."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

Fields = dict[int, bytes]
FIXED = {3: 6, 4: 12, 7: 10, 11: 6, 12: 6, 13: 4, 37: 12, 39: 2, 41: 8, 42: 15, 49: 3, 64: 8, 70: 3, 90: 42, 128: 8}
PREFIX = {32: 2, 48: 3, 62: 3, 102: 2, 103: 2}
MAC = 8


class BadAnswer(Exception):
    """The city's bytes are not what its protocol says."""


def pack(mti: str, fields: Fields, *, key: bytes) -> bytes:
    """The message with its MAC, without the frame's length."""
    place = 128 if max(fields) > 64 else 64
    present = sorted({*fields, place})
    bits = sum(1 << (128 - number) for number in present) | (1 << 127 if place == 128 else 0)
    bitmap = bits.to_bytes(16, "big")[: 16 if place == 128 else 8]
    body = b"".join(_written(number, fields[number]) for number in present if number != place)
    unsealed = mti.encode() + bitmap + body
    return unsealed + mac(unsealed, key)


def unpack(data: bytes, *, key: bytes) -> tuple[str, Fields]:
    if not hmac.compare_digest(mac(data[:-MAC], key), data[-MAC:]):
        raise BadAnswer("the MAC does not fit")
    place = 20 if data[4] & 0x80 else 12
    bits = int.from_bytes(data[4:place].ljust(16, b"\0"), "big")
    fields: Fields = {}
    for number in range(2, 129):
        if bits >> (128 - number) & 1:
            fields[number], place = _read(data, number, place)
    if place != len(data):
        raise BadAnswer("a byte too many or too few")
    return data[:4].decode("ascii", "replace"), fields


def mac(data: bytes, key: bytes) -> bytes:
    made = CMAC(AES(key))
    made.update(data)
    return made.finalize()[:MAC]


def element(tag: str, value: str) -> bytes:
    raw = value.encode("euc-kr", "replace")
    return f"{tag}{len(raw):03d}".encode() + raw


def elements(data: bytes) -> list[tuple[str, bytes]]:
    """Bill data: tag and value of each element."""
    found = []
    while data:
        if len(data) < 5 or not data[2:5].isdigit() or len(data) < 5 + int(data[2:5]):
            raise BadAnswer("bill data do not fit")
        end = 5 + int(data[2:5])
        found.append((data[:2].decode("ascii", "replace"), data[5:end]))
        data = data[end:]
    return found


def _written(number: int, value: bytes) -> bytes:
    if number in PREFIX:
        return f"{len(value):0{PREFIX[number]}d}".encode() + value
    if len(value) != FIXED[number]:
        raise ValueError(f"field {number} has {FIXED[number]} bytes")
    return value


def _read(data: bytes, number: int, place: int) -> tuple[bytes, int]:
    if number not in PREFIX and number not in FIXED:
        raise BadAnswer(f"field {number} is none of ours")
    size = FIXED.get(number, 0)
    if number in PREFIX:
        head = data[place : place + PREFIX[number]]
        if not head.isdigit():
            raise BadAnswer(f"length of field {number}")
        place += PREFIX[number]
        size = int(head)
    if place + size > len(data):
        raise BadAnswer(f"field {number} is cut off")
    return data[place : place + size], place + size
