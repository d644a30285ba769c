"""The line at the foot of a paper bill that a bank's machine reads (지로 OCR 밴드)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from billing.rules.numbers import EPAY_LENGTH, TAX_NUMBER_LENGTH, check_digit

NUMBER_LENGTH: Final = 7
AMOUNT_LENGTH: Final = 13
DAY_LENGTH: Final = 8
WEIGHTS: Final = (3, 7, 1)
# The quasigroup of H. M. Damm (Total anti-symmetrische Quasigruppen, Marburg 2004): a check digit by it finds each
# digit that was read wrong and each two neighbours that changed places, which no weights modulo ten do.
DAMM: Final = (
    *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
    *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
)
FIELDS: Final = re.compile(
    rf"(\d{{{NUMBER_LENGTH}}})(\d{{{EPAY_LENGTH}}})(\d)(\d{{{AMOUNT_LENGTH}}})(\d)(\d{{{DAY_LENGTH}}})(\d)(\d)",
    re.ASCII,
)


class UnreadableBand(ValueError):
    """These are not the digits of a band, or one of them was read wrong."""


@dataclass(frozen=True, kw_only=True)
class GiroBand:
    """What the line says: the city's giro number (지로번호, 7 digits), the bill, minor units, the last day for them.

    That a giro number has seven digits and stands for the institution is as published; the order and the lengths of the
    other fields and all check digits are ours, since the official layout was not found. A digit checks each field, with
    the weights of the tax number's (`billing.rules.numbers`), and one the whole (`damm_digit`), so that every single
    digit read wrong and every two neighbours that changed places are found.
    """

    number: str
    epay_number: str
    amount: int
    until: date

    def __str__(self) -> str:
        """
        >>> band = GiroBand(number="9911000", epay_number="1111012609387420489", amount=52000, until=date(2026, 6, 30))
        >>> str(band)
        '9911000+11110126093874204897+00000000520009+202606309+8'
        >>> read_band(str(band)) == band
        True
        """
        if not (0 < self.amount < 10**AMOUNT_LENGTH and len(self.number) == NUMBER_LENGTH):
            raise ValueError("a band holds a giro number of seven digits and an amount of up to thirteen")
        fields = (self.epay_number, f"{self.amount:0{AMOUNT_LENGTH}d}", f"{self.until:%Y%m%d}")
        parts = [self.number, *(field + check_digit(field, WEIGHTS) for field in fields)]
        return "+".join([*parts, damm_digit("".join(parts))])


def damm_digit(digits: str) -> str:
    """The check digit that makes the whole end at zero.

    >>> damm_digit("572")
    '4'
    >>> damm_digit("5724")
    '0'
    """
    last = "0"
    for digit in digits:
        last = DAMM[int(last)][int(digit)]
    return last


def is_like_a_band(text: str) -> bool:
    """Digits, spaces and plus signs, more of them than any other number on a bill has.

    >>> is_like_a_band("9911000+11110126093874204897+00000000520009"), is_like_a_band("1111012609387420489")
    (True, False)
    """
    digits = re.sub(r"[\s+]", "", text)
    return digits.isascii() and digits.isdecimal() and len(digits) > TAX_NUMBER_LENGTH


def read_band(text: str) -> GiroBand:
    """What a reader or a person took from the paper; spaces and plus signs don't matter. Raises `UnreadableBand`.

    >>> read_band("9911000 11110126093874204897 00000000520009 202606309 9")
    Traceback (most recent call last):
    billing.rules.giro.UnreadableBand: a digit was read wrong
    """
    found = FIELDS.fullmatch(re.sub(r"[\s+]", "", text))
    if found is None:
        raise UnreadableBand("not the digits of a band")
    number, epay, _, amount, _, day, _, _ = found.groups()
    try:
        until = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day, not a moment
        band = GiroBand(number=number, epay_number=epay, amount=int(amount), until=until)
        written = str(band).replace("+", "")
    except ValueError as error:
        raise UnreadableBand("a digit was read wrong") from error
    if written != found.group(0):
        raise UnreadableBand("a digit was read wrong")
    return band
