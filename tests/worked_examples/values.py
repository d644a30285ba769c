"""What a cell says, as the rules want it: whole won, days, yes or no, however the row writes them.

`plain` raises Unclear with the key and what stands there, so that a row of which something can't be understood is
reported instead of being computed from a guess.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final


class Unclear(LookupError):
    """The row doesn't say enough, or speaks of something that these rules don't compute."""


UNITS: Final = re.compile(r"(원|won|krw|cc|시시|kg|킬로그램|개월|월|일|년|세|기분|㎡|m2|m²)$")
DAY: Final = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?")
COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
WORDS: Final = {
    **dict.fromkeys(("true", "yes", "y", "1", "예", "네", "o", "여"), True),
    **dict.fromkeys(("false", "no", "n", "0", "아니오", "아니요", "x", "부", ""), False),
}
HALVES: Final = {"상반기": 1, "하반기": 2, "제1기분": 1, "제2기분": 2, "1기": 1, "2기": 2}
BUSINESS: Final = frozenset({"영업", "영업용", "사업용", "business", "commercial"})
PRIVATE: Final = frozenset({"비영업", "비영업용", "비사업용", "자가용", "개인", "private"})


def number(key: str, value: Any) -> Fraction:
    """A number that is not below zero, written as one or as text with commas and a unit.

    >>> number("tax", "1,000,000원"), number("area_m2", 330.5)
    (Fraction(1000000, 1), Fraction(661, 2))
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unclear(f"{key}: {value!r} is no number")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unclear(f"{key}: {value!r} is no number")
    text = re.sub(r"[,_\s]", "", str(value).lower())
    try:
        found = Fraction(UNITS.sub("", text))
    except (ValueError, ZeroDivisionError):
        raise Unclear(f"{key}: {value!r} is no number") from None
    if found < 0:
        raise Unclear(f"{key}: {value!r} is below zero")
    return found


def whole(key: str, value: Any) -> int:
    """A whole number that is not below zero."""
    found = number(key, value)
    if found.denominator != 1:
        raise Unclear(f"{key}: {value!r} is no whole number")
    return found.numerator


def day(key: str, value: Any) -> str:
    """A day of the calendar, as 2026-08-31.

    >>> day("nominal", "2024. 8. 31."), day("nominal", 20240831)
    ('2024-08-31', '2024-08-31')
    """
    text = str(value).strip()
    found = DAY.fullmatch(text) or COMPACT_DAY.fullmatch(text)
    try:
        if isinstance(value, str | int) and found:
            return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass
    raise Unclear(f"{key}: {value!r} is no day")


def yes_or_no(key: str, value: Any) -> bool:
    """
    >>> yes_or_no("one_house", "false"), yes_or_no("one_house", "예")
    (False, True)
    """
    word = str(value).strip().lower()
    if isinstance(value, bool | int | str) and word in WORDS:
        return WORDS[word]
    raise Unclear(f"{key}: {value!r} is neither yes nor no")


def _positive(key: str, value: Any) -> int:
    found = whole(key, value)
    if found == 0:
        raise Unclear(f"{key}: {value!r} is not above zero")
    return found


def _half(key: str, value: Any) -> int:
    found = HALVES.get(str(value).replace(" ", "")) or whole(key, value)
    if found not in (1, 2):
        raise Unclear(f"{key}: a year has a first and a second half, not {value!r}")
    return found


def _month(key: str, value: Any) -> int:
    found = whole(key, value)
    if not 1 <= found <= 12:
        raise Unclear(f"{key}: {value!r} is no month")
    return found


def _year(key: str, value: Any) -> int:
    found = whole(key, value)
    if not 1900 <= found <= 2099:
        raise Unclear(f"{key}: {value!r} is no year of these rules")
    return found


def _ratio(key: str, value: Any) -> str:
    """A share: 0.6, "60%" or 60."""
    found = number(key, str(value).replace("%", ""))
    found = found / 100 if found > 1 or "%" in str(value) else found
    if found > 1:
        raise Unclear(f"{key}: {value!r} is more than the whole")
    return str(found)


def _percent_a_day(key: str, value: Any) -> str:
    """In percent: "0.022%", 0.022, or the share 0.00022."""
    found = number(key, str(value).replace("%", ""))
    return str(found * 100 if found < Fraction("0.001") and "%" not in str(value) else found)


def _use(key: str, value: Any) -> str:
    word = _text(key, value).replace(" ", "").lower()
    if word not in BUSINESS | PRIVATE:
        raise Unclear(f"{key}: {value!r} is neither 영업 nor 비영업")
    return "영업" if word in BUSINESS else "비영업"


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Unclear(f"{key}: {value!r} is no text")
    return value.strip()


def _parts(key: str, value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or not value:
        raise Unclear(f"{key}: {value!r} names no parts")
    return {str(name): whole(f"{key}: {name}", won) for name, won in value.items()}


def _paid(key: str, value: Any) -> Any:
    """The day of a payment, or the sum that was paid."""
    return day(key, value) if isinstance(value, str) and DAY.fullmatch(value.strip()) else whole(key, value)


def _number_text(key: str, value: Any) -> str:
    return str(whole(key, value)) if isinstance(value, int) else _text(key, value)


READ: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    **dict.fromkeys(("cc", "load_kg", "age"), _positive),
    **dict.fromkeys(("price", "prior_price", "base", "value", "threshold", "tax", "full_months_late", "days"), whole),
    **dict.fromkeys(("refund", "property", "edu", "capital", "homes", "quantity", "payroll"), whole),
    **dict.fromkeys(("one_house", "special_rate", "e_notice", "autopay", "polluting", "after_40_days"), yes_or_no),
    **dict.fromkeys(("regulated", "corporation", "two_hours"), yes_or_no),
    **dict.fromkeys(("first_reg", "scrapped", "decided", "event", "nominal", "served", "filed"), day),
    **dict.fromkeys(("type", "kind", "period", "cause", "city"), _text),
    "area_m2": number,
    "epay_no": _number_text,
    "half": _half,
    "month": _month,
    "paid": _paid,
    "parts": _parts,
    "rate_per_day": _percent_a_day,
    "ratio": _ratio,
    "use": _use,
    "year": _year,
}


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a row, keys in small letters, values as the rules want them; what is null is not there.

    >>> plain({" CC ": "2,000", "use": "Business", "age": None})
    {'cc': 2000, 'use': '영업'}
    """
    found: dict[str, Any] = {}
    for name, value in facts.items():
        key = name.strip().lower()
        if key in found:
            raise Unclear(f"{key} stands there twice")
        if value is not None:
            found[key] = whole(key, value) if key.startswith("bill_") else READ.get(key, _as_it_is)(key, value)
    return found


def same(expected: Any, computed: Any) -> bool:
    """Whether an expected answer says what was computed, however it writes it.

    >>> same("380,000원", 380000), same("2024.9.2", "2024-09-02"), same(23, "23"), same(True, 1)
    (True, True, True, False)
    """
    if isinstance(expected, bool) or isinstance(computed, bool):
        return isinstance(expected, bool | str) and WORDS.get(str(expected).strip().lower()) is computed
    try:
        if isinstance(computed, int) or (isinstance(computed, str) and isinstance(expected, int)):
            return number("", expected) == number("", computed)
        return bool(expected == computed) or day("", expected) == computed
    except Unclear:
        return isinstance(expected, str) and isinstance(computed, str) and expected.strip() == computed


def _as_it_is(_: str, value: Any) -> Any:
    return value
