"""The two numbers of a bill: tax number (납세번호, 31 digits), electronic payment number (전자납부번호, 19 digits)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import Protocol

# Multiplying by it modulo 10^9 visits every nine-digit serial once (it shares no factor with ten) and parts neighbours.
SPREAD = 387_420_489
SERIALS = 1_000_000_000
TAX_SERIALS = 1_000_000
TAX_NUMBER_LENGTH = 31
EPAY_LENGTH = 19


class NumbersExhausted(OverflowError):
    """All serials of this office, item and period are taken."""


@dataclass(frozen=True, kw_only=True)
class TaxNumber:
    """Its parts: province 2, gu 3, account 2, tax item 6, year 4, month 2, term 1, ward 3, serial 6 digits."""

    province: str
    district: str
    account: str
    item: str
    year: int
    month: int
    term: int
    ward: str
    serial: int

    def __str__(self) -> str:
        """31 digits: two check digits stand after the fifth digit and at the end.

        >>> number = TaxNumber(province="11", district="110", account="10", item="109000",
        ...                    year=2026, month=6, term=1, ward="000", serial=1)
        >>> str(number), tax_number_is_valid(str(number))
        ('1111061010900020260610000000018', True)
        """
        if not 0 <= self.serial < TAX_SERIALS:
            raise NumbersExhausted("a tax number holds six digits of serial")
        office, tail = self.office, f"{self.tail}{self.serial:06d}"
        number = office + check_digit(office, (3, 7, 1)) + tail + check_digit(tail, (1, 2))
        if len(number) != TAX_NUMBER_LENGTH or not number.isdecimal():
            raise ValueError("a part of the tax number has the wrong length")
        return number

    @property
    def office(self) -> str:
        return self.province + self.district

    @property
    def tail(self) -> str:
        """What stands between the first check digit and the serial."""
        return f"{self.account}{self.item}{self.year:04d}{self.month:02d}{self.term:d}{self.ward}"


def check_digit(digits: str, weights: tuple[int, ...]) -> str:
    """(10 - weighted sum mod 10) mod 10, the weights repeating.

    >>> check_digit("11110", (3, 7, 1))
    '6'
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, cycle(weights), strict=False))
    return str((10 - total % 10) % 10)


def tax_number_is_valid(number: str) -> bool:
    """Whether both check digits of a 31-digit tax number are right."""
    if len(number) != TAX_NUMBER_LENGTH or not (number.isascii() and number.isdecimal()):
        return False
    return check_digit(number[:5], (3, 7, 1)) == number[5] and check_digit(number[6:30], (1, 2)) == number[30]


@dataclass(frozen=True, kw_only=True)
class EpayNumber:
    """Institution 5, kind 1 (1 local tax, 2 non-tax, 9 environment, 0 water), year 2, item 2, serial 9 digits."""

    institution: str
    kind: str
    year: str
    item: str
    serial: str

    def __str__(self) -> str:
        return self.institution + self.kind + self.year + self.item + self.serial


def read_epay_number(text: str) -> EpayNumber:
    """Take an electronic payment number apart. Spaces and hyphens are dropped; ValueError if 19 digits don't remain.

    >>> read_epay_number("48310-2-23-41-510664999").serial
    '510664999'
    """
    digits = text.replace("-", "").replace(" ", "")
    if len(digits) != EPAY_LENGTH or not (digits.isascii() and digits.isdecimal()):
        raise ValueError("an electronic payment number has 19 digits")
    return EpayNumber(institution=digits[:5], kind=digits[5], year=digits[6:8], item=digits[8:10], serial=digits[10:])


class EpayScheme(Protocol):
    """How a city numbers its bills for payment. A city with another scheme brings its own class.

    `sql` names its twin in the database, `(head, first serial, how many) -> text[]`, where head is institution, kind,
    year and item in ten digits; None where there is none, and numbers are then made one by one.
    """

    sql: str | None

    def number(self, *, institution: str, kind: str, year: int, item: str, serial: int) -> str: ...


class SpreadSerials:
    """The scheme of this pack.

    The length, the institution and the kind are as the public format has them, and the tail of a non-tax number too.
    Ours: that a local-tax number has the same tail, that the institution is the office's district code, and that the
    serial is the office's running number spread over nine digits, so that nobody finds a neighbour's number by
    counting. No official check digit was found, so there is none.
    """

    sql: str | None = "billing_spread_serials"

    def number(self, *, institution: str, kind: str, year: int, item: str, serial: int) -> str:
        """
        >>> SpreadSerials().number(institution="11110", kind="1", year=2026, item="09", serial=1)
        '1111012609387420489'
        """
        if not 0 <= serial < SERIALS:
            raise NumbersExhausted("an electronic payment number holds nine digits of serial")
        spread = serial * SPREAD % SERIALS
        number = EpayNumber(
            institution=institution, kind=kind, year=f"{year % 100:02d}", item=item, serial=f"{spread:09d}"
        )
        return str(read_epay_number(str(number)))


SCHEMES: dict[str, EpayScheme] = {"spread_serials": SpreadSerials()}
