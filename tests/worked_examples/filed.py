"""Taxes that are filed, licences and fines: what one act or one return owes.

They read price or base, kind (in the words of the tables below), homes (of the household, with this one), regulated,
corporation, area_m2 of a home, packs or quantity, class of a licence, payroll, two_hours. They answer tax, edu, rural
(농어촌특별세) and total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.acquisition import House, acquire, acquire_house
from billing.rules.assessed import Assessed
from billing.rules.filed import EDUCATION, RURAL
from billing.rules.fines import bus_lane_fine, parking_fine
from billing.rules.leisure_tobacco import leisure_tax, tobacco_tax
from billing.rules.licence import licence_tax
from billing.rules.local_income import corporate_income_tax, personal_income_tax
from billing.rules.registration import register
from billing.rules.resident import employees
from tests.billing.seoul import tables

from .reading import Example
from .values import Unclear, whole

# The first whose words stand in the row.
Words = tuple[tuple[tuple[str, ...], str], ...]
ACQUIRED: Final[Words] = (
    (("상속", "농지"), "inheritance_farmland"),
    (("상속",), "inheritance"),
    (("증여", "비영리"), "gift_to_nonprofit"),
    (("증여",), "gift"),
    (("공유물",), "division_of_common_property"),
    (("신축",), "original"),
    (("원시",), "original"),
    (("농지",), "purchase_farmland"),
    (("이륜",), "motorcycle"),
    (("승용", "경"), "passenger_car_light"),
    (("경차",), "passenger_car_light"),
    (("승용",), "passenger_car"),
    (("자동차", "영업용"), "vehicle_business"),
    (("승합",), "vehicle"),
    (("화물",), "vehicle"),
    (("회원권",), "membership"),
    (("토지",), "purchase"),
    (("건축물",), "purchase"),
    (("상가",), "purchase"),
    (("매매",), "purchase"),
)
REGISTERED: Final[Words] = (
    (("저당",), "mortgage"),
    (("전세권",), "lease_on_deposit"),
    (("임차권",), "lease"),
    (("지상권",), "superficies"),
    (("가등기",), "provisional"),
    (("압류",), "auction_or_attachment"),
    (("보존",), "preservation"),
)
TOBACCO: Final[Words] = (
    *(((word,), "other") for word in ("전자", "파이프", "엽궐련", "각련", "씹는", "머금", "냄새", "물담배")),
    ((), "cigarette"),
)
A_PACK: Final = 20  # cigarettes
SMALL_HOME_M2: Final = 85  # 국민주택규모: exempt from the special tax for rural development
ZONES: Final[Words] = (
    (("어린이",), "children"),
    (("소방",), "fire_service"),
    (("소화",), "fire_service"),
    (("노인",), "elderly_disabled"),
    (("장애인",), "elderly_disabled"),
)


def speaks_of(tax: str) -> bool:
    return "가산" not in tax and any(word in tax for word in ANSWERS)


def answer(example: Example) -> dict[str, Any]:
    compute = next(compute for word, compute in ANSWERS.items() if word in example.tax)
    found = compute(example.facts, f"{example.tax} {example.facts.get('kind', '')}", example.day)
    education, rural = found.amount_of(EDUCATION), found.amount_of(RURAL)
    tax = found.total - education - rural
    return {"tax": tax, "edu": education, "rural": rural, "total": found.total}


def _acquisition(facts: Mapping[str, Any], words: str, on: date) -> Assessed:
    price = _sum(facts)
    kind = _first(ACQUIRED, words)
    if kind == "gift" and facts.get("regulated"):
        raise Unclear("the rate of a gift of a house in a regulated area was not read")
    if kind is not None and not ("주택" in words and kind == "purchase"):
        return acquire(kind=kind, price=price, on=on, tables=tables())
    if "주택" not in words and not facts.keys() & {"homes", "regulated", "corporation"}:
        raise Unclear("the row doesn't say what was acquired")
    house = House(
        price=price,
        homes=facts.get("homes", 1),
        regulated=facts.get("regulated", False),
        corporation=facts.get("corporation", False),
        small=facts.get("area_m2", Fraction(0)) <= SMALL_HOME_M2,
    )
    return acquire_house(house=house, on=on, tables=tables())


def _registration(facts: Mapping[str, Any], words: str, on: date) -> Assessed:
    if "class" in facts or "면허분" in words:
        given = str(facts["class"]).strip().removeprefix("제").removesuffix("종")
        return licence_tax(licence_class=given, on=on, tables=tables())
    kind = _first(REGISTERED, words)
    if kind is None:
        raise Unclear("the row doesn't say what was registered")
    return register(kind=kind, base=_sum(facts), on=on, tables=tables())


def _local_income(facts: Mapping[str, Any], words: str, on: date) -> Assessed:
    if any(word in words for word in ("양도", "퇴직", "특별징수")):
        raise Unclear("income of that kind has rates of its own, which were not read")
    if "법인" in words:
        return corporate_income_tax(base=_sum(facts), begins=date(on.year, 1, 1), tables=tables())
    return personal_income_tax(base=_sum(facts), year=on.year, tables=tables())


def _leisure(facts: Mapping[str, Any], _: str, on: date) -> Assessed:
    return leisure_tax(tickets_sold=_sum(facts), on=on, tables=tables())


def _tobacco(facts: Mapping[str, Any], words: str, on: date) -> Assessed:
    if _first(TOBACCO, words) != "cigarette":
        raise Unclear("only of cigarettes the row says how many there are")
    pieces = whole("packs", facts["packs"]) * A_PACK if "packs" in facts else facts["quantity"]
    return tobacco_tax(kind="cigarette", quantity=pieces, on=on, tables=tables())


def _employees(facts: Mapping[str, Any], _: str, on: date) -> Assessed:
    average = whole("monthly_average", facts.get("monthly_average", facts["payroll"]))
    return employees(payroll=facts["payroll"], monthly_average=average, on=on, tables=tables())


def _fine(facts: Mapping[str, Any], words: str, on: date) -> Assessed:
    vehicle = "large" if "승합" in facts.get("type", "") else "car"
    if "전용차로" in words:
        return bus_lane_fine(vehicle=vehicle, on=on, tables=tables())
    if "주차" not in words and "주정차" not in words:
        raise Unclear("no fine for that was read")
    zone = _first(ZONES, words) or "ordinary"
    return parking_fine(zone=zone, vehicle=vehicle, on=on, tables=tables(), two_hours=facts.get("two_hours", False))


def _sum(facts: Mapping[str, Any]) -> int:
    won: int = facts["base"] if "base" in facts else facts["price"]
    return won


def _first(table: Words, words: str) -> str | None:
    return next((meaning for signs, meaning in table if all(sign in words for sign in signs)), None)


ANSWERS: Final[Mapping[str, Callable[[Mapping[str, Any], str, date], Assessed]]] = {
    "취득세": _acquisition,
    "등록면허": _registration,
    "지방소득": _local_income,
    "레저": _leisure,
    "담배": _tobacco,
    "종업원": _employees,
    "과태료": _fine,
}
