"""One example against the rules: agrees, differs, or is not covered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from billing.rules.calendar import CalendarNotKnown
from billing.rules.dated import NoTableForDate, RateNotSourced

from . import filed, money_and_days, real_estate, vehicles
from .keys import to_be_produced
from .reading import Example
from .values import Unclear, plain, same

if TYPE_CHECKING:
    from _collections_abc import dict_items

# What a row may say beside its facts.
REMARKS = frozenset({"note", "basis", "rate", "year"})
Answer = Callable[[Example], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`word`: agrees, differs, not covered; `detail` names both figures, or what is missing."""

    word: str
    detail: str = ""


class Heeded(dict[str, Any]):
    """The facts of a row, and which of them a rule has looked at: one that is not heeded makes another answer."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def items(self) -> dict_items[str, Any]:
        self.read |= self.keys()
        return super().items()


def answer_of(example: Example) -> Answer:
    """Which rules the row asks for, by the keys it holds and the tax it names. Raises Unclear."""
    keys, tax = example.facts.keys(), example.tax
    for asked, answer in (
        ("무신고" in tax or "과소신고" in tax, money_and_days.penalty),
        ("epay_no" in keys, money_and_days.number),
        ("served" in keys, money_and_days.deadline),
        ("nominal" in keys, money_and_days.due),
        (keys >= {"refund", "paid", "decided"}, money_and_days.refund),
        (keys >= {"scrapped", "paid"}, vehicles.scrapped),
        (filed.speaks_of(tax), filed.answer),
        ("주민세" in tax, money_and_days.resident),
        (bool(keys & {"e_notice", "autopay"}), money_and_days.credit),
        ("price" in keys and _is_housing(example), real_estate.housing),
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
        return _compared(expected, _computed(example))
    except (Unclear, NoTableForDate, RateNotSourced, CalendarNotKnown) as error:
        return Outcome(word="not covered", detail=str(error))
    except KeyError as error:
        return Outcome(word="not covered", detail=f"the row doesn't name {error}")
    except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
        return Outcome(word="not covered", detail=f"the input can't be understood: {type(error).__name__}: {error}")


def _computed(example: Example) -> dict[str, Any]:
    """What the rules answer. Raises Unclear also where they have not looked at all that the row says."""
    facts = Heeded(plain(example.facts))
    asked = replace(example, facts=facts)
    found = answer_of(asked)(asked)
    if ignored := facts.keys() - facts.read - REMARKS:
        raise Unclear(f"no rule asks for {', '.join(sorted(ignored))}")
    return found


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


def _is_housing(example: Example) -> bool:
    words = _words(example)
    others = any(sign in words for sign in ("건축물", "토지", "소방", "합산", "분리과세", "선박", "항공기"))
    return "재산세" in words and ("주택" in words or not others)


def _words(example: Example) -> str:
    return f"{example.tax} {example.facts.get('kind', '')}"


def _of_a_value(example: Example) -> Answer:
    words = _words(example)
    for signs, answer in (
        (("소방",), real_estate.fire_part),
        (("지역자원",), real_estate.fire_part if "특정" not in words else _not_read),
        (("선박", "항공기"), real_estate.vessel),
        (("주택",), real_estate.housing_on_base),
        (("토지", "합산", "분리과세"), real_estate.land),
        (("건축물",), real_estate.building),
    ):
        if any(sign in words for sign in signs) and any(tax in example.tax for tax in ("재산세", "지역자원", "소방")):
            return answer
    return _not_read


def _not_read(example: Example) -> dict[str, Any]:
    raise Unclear(f"no rules for {example.tax!r} with {', '.join(example.facts) or 'nothing given'}")


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
