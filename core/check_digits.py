"""Check digits of the numbers by which Korean businesses and corporations are registered."""

from __future__ import annotations

from typing import Final

BUSINESS_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
CORPORATE_WEIGHTS: Final = (1, 2) * 6


def business_check_digit(digits: str) -> int:
    """The tenth digit of a business registration number (사업자등록번호) that belongs to the first nine.

    >>> business_check_digit("120814752")
    1
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], BUSINESS_WEIGHTS, strict=True))
    total += int(digits[8]) * 5 // 10
    return -total % 10


def corporate_check_digit(digits: str) -> int:
    """The thirteenth digit of a corporate registration number (법인등록번호) that belongs to the first twelve.

    >>> corporate_check_digit("999999000001")
    7
    """
    return -sum(int(digit) * weight for digit, weight in zip(digits[:12], CORPORATE_WEIGHTS, strict=True)) % 10
