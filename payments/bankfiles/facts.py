"""What stands in a bank's file, in our words. Amounts are `int` minor units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

# An electronic payment number (전자납부번호) among other words.
BILL_NUMBER: Final = re.compile(r"(?<!\d)\d{19}(?!\d)")


class Kind(StrEnum):
    NOTICE = "camt.054"
    STATEMENT = "camt.053"


@dataclass(frozen=True)
class Money:
    """The currency in which a file must be, and its decimals."""

    currency: str
    decimals: int


@dataclass(frozen=True)
class BankLine:
    """One movement on the city's account: a transaction, or an entry that names none.

    `amount` is signed: money in is positive. `at` is the moment of the deposit; where the bank told the day only, noon
    of it, and `exact` is False. `booked`: the bank has booked it; informational and pending entries move nothing.
    `taken_back`: a reversal or a return. `lump`: several transactions of which the file gives no single ones.
    `reference` is what the payer's paper says to machines (`CdtrRefInf`), `giro`: it was paid with that paper (지로).
    """

    entry: int
    place: int
    amount: int
    at: datetime
    exact: bool
    booked_on: date
    booked: bool
    taken_back: bool
    lump: bool
    entry_ref: str
    own_ref: str
    end_to_end: str
    account: str
    payer: str
    text: str
    reference: str
    giro: bool


@dataclass(frozen=True)
class Statement:
    """A statement or notification about one account. Balances are signed, None in a notification."""

    id: str
    account: str
    lines: tuple[BankLine, ...] = field(repr=False)
    opening: int | None = None
    closing: int | None = None


@dataclass(frozen=True)
class BankFile:
    """A whole message; `message` is its name and version, `message_id` the bank's own number of it."""

    kind: Kind
    message: str
    message_id: str
    statements: tuple[Statement, ...]
