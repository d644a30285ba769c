"""One example against the rules: agrees, differs, or is not covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from billing.rules.calendar import CalendarNotKnown
from billing.rules.dated import NoTableForDate, RateNotSourced

from . import filed, money_and_days, real_estate, vehicles
from .keys import to_be_produced
from .reading import Example
from .values import Unclear, plain, same

Answer = Callable[[Example], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`word`: agrees, differs, not covered; `detail` names both figures, or what is missing."""

    word: str
    detail: str = ""


def answer_of(example: Example) -> Answer:
    """Which rules the row asks for, by the keys it holds and the tax it names. Raises Unclear."""
    keys, tax = example.facts.keys(), example.tax
    for asked, answer in (
        ("epay_no" in keys, money_and_days.number),
        ("served" in keys, money_and_days.deadline),
        ("nominal" in keys, money_and_days.due),
        (keys >= {"refund", "paid", "decided"}, money_and_days.refund),
        (keys >= {"scrapped", "paid"}, vehicles.scrapped),
        (filed.speaks_of(tax), filed.answer),
        ("주민세" in tax, money_and_days.resident),
        (bool(keys & {"e_notice", "autopay"}), money_and_days.credit),
        ("price" in keys and not _not_housing(example), real_estate.housing),
        (bool(keys & {"price", "value", "base"}), _of_a_value(example)),
        ("분할" in tax or "deferred_max" in example.expected, real_estate.instalments),
        ("month" in keys or "연납" in tax, vehicles.prepaid),
        (bool(keys & {"cc", "type", "first_reg", "load_kg"}), vehicles.automobile),
        (bool(keys & {"full_months_late", "days", "parts"}) or "가산" in tax, money_and_days.late),
    ):
        if asked:
            return answer
    raise Unclear(f"no rules for {tax!r} with {', '.join(keys) or 'nothing given'}")


def check(example: Example) -> Outcome:
    if example.fault:
        return Outcome(word="not covered", detail=example.fault)
    expected = to_be_produced(example.expected)
    if not expected:
        return Outcome(word="agrees", detail="nothing but comments is expected")
    try:
        asked = replace(example, facts=plain(example.facts))
        found = answer_of(asked)(asked)
    except (Unclear, NoTableForDate, RateNotSourced, CalendarNotKnown) as error:
        return Outcome(word="not covered", detail=str(error))
    except KeyError as error:
        return Outcome(word="not covered", detail=f"the row doesn't name {error}")
    except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
        return Outcome(word="not covered", detail=f"the input can't be understood: {type(error).__name__}: {error}")
    return _compared(expected, found)


def _compared(expected: dict[str, Any], found: dict[str, Any]) -> Outcome:
    missing = sorted(expected.keys() - found.keys())
    differing = [key for key in expected if key in found and not same(expected[key], found[key])]
    if differing:
        figures = "; ".join(
            f"{key}: expected {_shown(expected[key])}, computed {_shown(found[key])}" for key in differing
        )
        return Outcome(word="differs", detail=figures)
    if missing:
        return Outcome(word="not covered", detail=f"nothing computes {', '.join(missing)}")
    return Outcome(word="agrees")


def _not_housing(example: Example) -> bool:
    words = _words(example)
    return "주택" not in words and any(sign in words for sign in ("건축물", "토지", "소방", "합산", "분리과세"))


def _words(example: Example) -> str:
    return f"{example.tax} {example.facts.get('kind', '')}"


def _of_a_value(example: Example) -> Answer:
    words = _words(example)
    for signs, answer in (
        (("지역자원", "소방"), real_estate.fire_part),
        (("주택",), real_estate.housing_on_base),
        (("토지", "합산", "분리과세"), real_estate.land),
    ):
        if any(sign in words for sign in signs):
            return answer
    return real_estate.building


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
