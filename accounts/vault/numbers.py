"""What resident, business and corporate numbers (주민등록번호, 사업자등록번호, 법인등록번호) are; pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.enums import NumberKind
from core.check_digits import business_check_digit, corporate_check_digit
from core.errors import Refusal

CENTURIES: Final = {
    "9": 1800, "0": 1800, "1": 1900, "2": 1900, "3": 2000, "4": 2000, "5": 1900, "6": 1900, "7": 2000, "8": 2000,
}  # fmt: skip
FOREIGNERS: Final = "5678"
LONGEST: Final = 40
HYPHENS: Final = re.compile("[-\u2010-\u2015\u2212\uff0d\\s]")


class NotAResidentNumber(Refusal):
    message = _("Enter the resident number: 13 digits, for example 900101-1234567.")


class NotABusinessNumber(Refusal):
    message = _("Enter the business number: 10 digits, for example 120-81-47521.")


class NotACorporateNumber(Refusal):
    message = _("Enter the corporate number: 13 digits, for example 999999-0000017.")


def resident_number(text: str) -> str:
    """Thirteen plain digits, from what a person or a roll wrote.

    The first six are a real date with the century of the seventh. No check digit is looked at: numbers issued since
    October 2020 have none (주민등록법 시행규칙 제2조).

    >>> resident_number("690302-9635604")
    '6903029635604'
    >>> resident_number("６９０３０２ 9635604")
    '6903029635604'
    >>> resident_number("690230-9635604")
    Traceback (most recent call last):
    accounts.vault.numbers.NotAResidentNumber: ...
    """
    digits = _digits(text)
    if len(digits) != 13:
        raise NotAResidentNumber
    birth_date(digits)
    return digits


def birth_date(number: str) -> date:
    """The birth date in a resident number of thirteen digits.

    >>> birth_date("6903029635604"), birth_date("0012314000000"), birth_date("8505056000000")
    (datetime.date(1869, 3, 2), datetime.date(2000, 12, 31), datetime.date(1985, 5, 5))
    """
    year = CENTURIES[number[6]] + int(number[:2])
    try:
        return date(year, int(number[2:4]), int(number[4:6]))
    except ValueError:
        raise NotAResidentNumber from None


def is_foreigner(number: str) -> bool:
    """Whether a number of thirteen digits is a foreigner's registration number (외국인등록번호).

    >>> is_foreigner("8505056000000"), is_foreigner("6903029635604")
    (True, False)
    """
    return number[6] in FOREIGNERS


def business_number(text: str) -> str:
    """Ten plain digits with a right check digit.

    >>> business_number("120-81-47521")
    '1208147521'
    >>> business_number("120-81-47522")
    Traceback (most recent call last):
    accounts.vault.numbers.NotABusinessNumber: ...
    """
    digits = _digits(text)
    if len(digits) != 10 or business_check_digit(digits) != int(digits[9]):
        raise NotABusinessNumber
    return digits


def corporate_number(text: str) -> str:
    """Thirteen plain digits with a right check digit.

    >>> corporate_number("999999-0000017")
    '9999990000017'
    >>> corporate_number("999999-0000018")
    Traceback (most recent call last):
    accounts.vault.numbers.NotACorporateNumber: ...
    """
    digits = _digits(text)
    if len(digits) != 13 or corporate_check_digit(digits) != int(digits[12]):
        raise NotACorporateNumber
    return digits


def _digits(text: str) -> str:
    """Plain ASCII digits of a text without hyphens and spaces; empty if anything else is in it."""
    plain = text.replace("-", "")
    if plain.isascii() and plain.isdecimal() and len(text) <= LONGEST:
        return plain  # as nearly everybody writes it
    stripped = HYPHENS.sub("", text[:LONGEST])
    if not stripped.isdecimal():
        return ""
    return "".join(str(int(digit)) for digit in stripped)


# How a number of each kind becomes plain digits.
PLAIN: Final[Mapping[str, Callable[[str], str]]] = {
    NumberKind.RESIDENT.value: resident_number,
    NumberKind.BUSINESS.value: business_number,
    NumberKind.CORPORATE.value: corporate_number,
}
