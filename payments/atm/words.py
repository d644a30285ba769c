"""What banks ask and what they are answered, whatever bytes it travels in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """`ADVICE`: the bank has taken the money already. `NONSENSE`: proved to be the bank's, and against the protocol."""

    SIGN_ON = "sign_on"
    SIGN_OFF = "sign_off"
    ECHO = "echo"
    INQUIRY = "inquiry"
    PAYMENT = "payment"
    ADVICE = "advice"
    REVERSAL = "reversal"
    UNKNOWN = "unknown"
    NONSENSE = "nonsense"


class Code(StrEnum):
    """Response codes (DE39); those with a letter are this profile's own."""

    DONE = "00"
    INVALID = "12"
    WRONG_AMOUNT = "13"
    NOT_FOUND = "14"
    MALFORMED = "30"
    NOT_AUTHENTIC = "63"
    TOO_MANY_TRIES = "75"
    CLOSED = "90"
    UNAVAILABLE = "91"
    UNCERTAIN = "96"
    NOTHING_OWED = "A0"
    NOT_IN_FORCE = "A1"
    WITHDRAWN = "A2"


class Malformed(ValueError):
    """Bytes that are no message; says why, without repeating them."""


class NotAuthentic(ValueError):
    """A message whose MAC is not that of the bank it names."""

    def __init__(self, asked: Asked | None) -> None:
        super().__init__("MAC does not fit")
        self.asked = asked


@dataclass(frozen=True)
class Asked:
    """One message of a bank. `transaction` names a payment of this bank for ever (a reversal's is the payment's own);
    `at` is the moment of payment; `amount` in minor units. `echo` is what the codec needs for its answer."""

    kind: Kind
    bank: str
    raw: bytes = field(repr=False)
    echo: Any = field(repr=False)
    transaction: str = ""
    at: datetime | None = None
    amount: int = 0
    number: str = ""
    payer: str = ""
    page: int = 1

    @property
    def gateway(self) -> str:
        """Whose movement ids these are."""
        return f"atm:{self.bank}"


@dataclass(frozen=True)
class BillLine:
    """A bill as a cash machine shows it; `owed` in minor units."""

    number: str
    owed: int
    due_on: date
    year: int
    term: int
    tax: str


@dataclass(frozen=True)
class Answer:
    """`next_page`: 0 when this one is the last; None where nothing is paged. `payer` is masked."""

    code: Code
    bills: Sequence[BillLine] = ()
    next_page: int | None = None
    payer: str = ""
    reference: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the books: a payment's answer, which has no bills."""
        return {name: value for name, value in asdict(self).items() if name in {"code", "payer", "reference"}}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Answer:
        return cls(Code(kept["code"]), payer=kept["payer"], reference=kept["reference"])


class Codec(Protocol):
    """Between bytes and words."""

    def read(self, data: bytes, *, at: datetime) -> Asked:
        """A message that reached us at `at`, its MAC proved. Raises `Malformed` or `NotAuthentic`."""

    def read_kept(self, data: bytes, *, at: datetime) -> Asked:
        """A message of our own inbox, proved when it came."""

    def write(self, asked: Asked, answer: Answer) -> bytes:
        """The answer's bytes, under the key that the message came with."""
