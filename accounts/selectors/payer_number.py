"""The payer number (납부자번호): what a person types at a cash machine to see all their bills.

The number of the record, sealed with a keyed hash: found without a table, and not to be guessed from one's own.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.models import Taxpayer

RECORD_DIGITS: Final = 10
SEAL_DIGITS: Final = 8
GROUP: Final = 6
MOST: Final = 50


@dataclass(frozen=True)
class PayerNumber:
    """Whose number it is; `grouped` as people read it."""

    name: str
    number: str

    @property
    def grouped(self) -> str:
        return " ".join(self.number[place : place + GROUP] for place in range(0, len(self.number), GROUP))


def own_payer_numbers() -> list[PayerNumber]:
    """Of the records that the public face's session may act for; row-level security says which."""
    rows = Taxpayer.objects.order_by("pk").values_list("pk", "name")[:MOST]
    return [PayerNumber(name, payer_number(taxpayer_id=pk)) for pk, name in rows]


def payer_number(*, taxpayer_id: int) -> str:
    """18 digits."""
    record = f"{taxpayer_id:0{RECORD_DIGITS}d}"
    return record + _seal(record)


def taxpayer_of_number(*, number: str) -> int | None:
    """Whose number it is, or None if it is nobody's."""
    record, seal = number[:RECORD_DIGITS], number[RECORD_DIGITS:]
    digits = number.isascii() and number.isdigit() and len(number) == RECORD_DIGITS + SEAL_DIGITS
    return int(record) if digits and hmac.compare_digest(seal, _seal(record)) else None


def _seal(record: str) -> str:
    mark = hmac.digest(bytes.fromhex(settings.PAYER_NUMBER_KEY), f"payer number:{record}".encode(), "sha256")
    return f"{int.from_bytes(mark[:8], 'big') % 10**SEAL_DIGITS:0{SEAL_DIGITS}d}"
