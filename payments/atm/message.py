"""ISO 8583 messages as bytes. The library reads fields; everything that it lets pass is refused here."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

import iso8583
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from payments.atm.fields import FIELDS, MACS, SPEC
from payments.atm.words import Malformed

MAC_BYTES: Final = 8
MTI: Final = re.compile("[0-9]{4}")


@dataclass(frozen=True)
class Message:
    """MTI and fields, without bitmaps and MAC; values as their bytes read in Latin-1."""

    mti: str
    fields: dict[int, str]


def parse(data: bytes) -> Message:
    """Read bytes strictly: what would not be written the same way again is refused. Raises `Malformed`."""
    present = _present(data)
    unknown = present - FIELDS.keys()
    if unknown:
        raise Malformed(f"field {min(unknown)} is not in the profile")
    if not present or max(present) not in MACS:
        raise Malformed("the MAC is not the last field")
    try:
        read, _ = iso8583.decode(data, SPEC)
        mti, values = read["t"], {int(name): value for name, value in read.items() if name.isdigit() and name != "1"}
        again, _ = iso8583.encode(read, SPEC)
    except (iso8583.DecodeError, iso8583.EncodeError) as error:
        raise Malformed(f"field {error.field} is not of its form") from None
    if bytes(again) != data:
        raise Malformed("not in canonical form")
    if not MTI.fullmatch(mti):
        raise Malformed("the MTI is not four digits")
    for number, value in values.items():
        if not FIELDS[number].form.fullmatch(value):
            raise Malformed(f"field {number} is not of its form")
    return Message(mti, {number: value for number, value in values.items() if number not in MACS})


def build(message: Message, *, key: bytes) -> bytes:
    """The bytes of a message, its MAC under `key`."""
    place = MACS[max(message.fields) > MACS[0]]
    values = {str(number): value for number, value in message.fields.items()}
    data, _ = iso8583.encode({"t": message.mti, **values, str(place): "00" * MAC_BYTES}, SPEC)
    unsealed = bytes(data[:-MAC_BYTES])
    return unsealed + mac(unsealed, key=key)


def is_authentic(data: bytes, *, key: bytes) -> bool:
    """Whether the MAC at the end of a message that `parse` took is that of `key`."""
    return hmac.compare_digest(mac(data[:-MAC_BYTES], key=key), data[-MAC_BYTES:])


def mac(data: bytes, *, key: bytes) -> bytes:
    """AES-CMAC (NIST SP 800-38B), its first 8 bytes."""
    made = CMAC(AES(key))
    made.update(data)
    return made.finalize()[:MAC_BYTES]


def _present(data: bytes) -> set[int]:
    """The numbers of the fields that the bitmaps announce."""
    bitmap = data[4:12]
    if len(bitmap) == 8 and bitmap[0] & 0x80:
        bitmap += data[12:20]
    bits = int.from_bytes(bitmap, "big")
    size = len(bitmap) * 8
    return {number for number in range(2, size + 1) if bits >> (size - number) & 1}
