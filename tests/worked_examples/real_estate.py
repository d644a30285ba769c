"""Property tax, the fire-service part, instalments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, Final

from billing.rules.building import Building, Vessel, assess_vessel, building_year
from billing.rules.dated import DatedTable, DatedTables
from billing.rules.fire_service import RISKS, fire_service
from billing.rules.housing import House, house_year, main_part
from billing.rules.instalments import most_that_may_wait
from billing.rules.land import Land, land_year
from billing.rules.property_parts import PropertyYear, assessment_day, is_billed_whole_in_july, urban_part
from billing.rules.rounding import cut, percent
from tests.billing.seoul import dated, tables

from .reading import Example
from .values import Unclear

# What a class of land is called; a class is tried after those before it.
LAND: Final = (
    (("종합합산",), "comprehensive"),
    (("별도합산",), "separate"),
    (("농지", "임야", "목장", "과수원", "전답"), "farm_or_forest"),
    (("골프", "오락"), "golf_or_luxury"),
    (("분리",), "other_separated"),
)
BUILDING_USES: Final = (
    (("신설공장", "신·증설", "과밀"), "new_factory"),
    (("공장",), "factory"),
    (("골프", "오락"), "golf_or_luxury"),
)
VESSELS: Final = ((("고급선박",), "luxury_ship"), (("선박",), "ship"), (("항공기",), "aircraft"))


def housing(example: Example) -> dict[str, Any]:
    """A house's year. A ratio or a rate that the row prescribes takes the place of the statute's."""
    facts, on = example.facts, assessment_day(year=example.year)
    house = House(
        price=facts["price"],
        prior_price=facts.get("prior_price"),
        one_house=bool(facts.get("one_house") or facts.get("special_rate")),
    )
    used = _prescribed(facts, on)
    year = house_year(house=house, tables=used, on=on)
    july = is_billed_whole_in_july(year, tables=used, on=on)
    return _amounts(year, tables=used, on=on) | {"single_bill_in_july": july}


def housing_on_base(example: Example) -> dict[str, Any]:
    """A house whose base is given: no price is, so a household's only house takes its own rates."""
    facts, on = example.facts, assessment_day(year=example.year)
    house = House(price=0, one_house=bool(facts.get("one_house") or facts.get("special_rate")))
    used = _prescribed(facts, on)
    main, steps = main_part(house=house, base=facts["base"], tables=used, on=on)
    urban, _ = urban_part(base=facts["base"], tables=used, on=on)
    return _amounts(PropertyYear(base=facts["base"], main=main, urban=urban, steps=steps), tables=used, on=on)


def building(example: Example) -> dict[str, Any]:
    """A building's year, from its value or from a base that is given; `tax` is the property tax itself."""
    on = assessment_day(year=example.year)
    value = _value(example.facts, ratio="building_ratio", on=on)
    asked = Building(value=value, use=_first(BUILDING_USES, example) or "general")
    found = _amounts(building_year(building=asked, tables=tables(), on=on), tables=tables(), on=on)
    return found | {"tax": found["property"]}


def vessel(example: Example) -> dict[str, Any]:
    """A ship or an aircraft, whose value is the base."""
    facts = example.facts
    asked = Vessel(kind=_first(VESSELS, example) or "", value=facts["base"] if "base" in facts else _worth(facts))
    found = assess_vessel(vessel=asked, year=example.year, tables=tables())
    parts = {"property": found.amount_of("property"), "edu": found.amount_of("local_education")}
    return parts | {"base": asked.value, "tax": parts["property"], "total": found.total}


def land(example: Example) -> dict[str, Any]:
    """Land of one class, all of it in the urban area. Raises Unclear where no class is named."""
    on = assessment_day(year=example.year)
    kind = _first(LAND, example)
    if kind is None:
        raise Unclear("the row names no class of land")
    value = _value(example.facts, ratio="land_ratio", on=on)
    year = land_year(land=Land(kind=kind, value=value, urban_value=value), tables=tables(), on=on)
    found = _amounts(year, tables=tables(), on=on)
    return found | {"tax": found["property"]}


def fire_part(example: Example) -> dict[str, Any]:
    """The fire-service part on a base that is given, or on a value at the fair-market ratio of its kind.

    `tax` is that of the risk which the row names: none, 화재위험 건축물, 대형 화재위험 건축물.
    """
    facts, on = example.facts, assessment_day(year=example.year)
    words = f"{example.tax} {facts.get('kind', '')}"
    base = facts.get("base")
    if base is None:
        ratio = tables().at("housing_ratio" if "주택" in words else "building_ratio", on).body["percent"]
        base = int(_worth(facts) * percent(str(Fraction(facts["ratio"]) * 100) if "ratio" in facts else ratio))
    ordinary, double, treble = (cut(fire_service(base=base, risk=risk, tables=tables(), on=on)[0]) for risk in RISKS)
    large = "대형화재위험" in words.replace(" ", "")
    asked = treble if large else double if "화재위험" in words else ordinary
    return {"base": base, "tax": asked, "x2": double, "x3": treble}


def instalments(example: Example) -> dict[str, Any]:
    return {"deferred_max": most_that_may_wait(tax=example.facts["property"], tables=tables(), on=example.day)}


def _first(table: tuple[tuple[tuple[str, ...], str], ...], example: Example) -> str | None:
    words = f"{example.tax} {example.facts.get('kind', '')}"
    return next((meaning for signs, meaning in table if any(sign in words for sign in signs)), None)


def _value(facts: Mapping[str, Any], *, ratio: str, on: date) -> int:
    """The value, or one that has the base which is given."""
    if "base" not in facts:
        return _worth(facts)
    return ceil(Fraction(facts["base"]) / percent(tables().at(ratio, on).body["percent"]))


def _worth(facts: Mapping[str, Any]) -> int:
    return int(facts["value"] if "value" in facts else facts["price"])


def _amounts(year: PropertyYear, *, tables: DatedTables, on: date) -> dict[str, Any]:
    """The year in whole won: each part cut to 10, education tax on the main part."""
    main, urban, resource = cut(year.main), cut(year.urban), cut(year.resource)
    education = cut(main * percent(tables.at("property_education", on).body["percent"]))
    total = main + urban + education + resource
    return {"base": year.base, "property": main, "urban": urban, "edu": education, "total": total}


def _prescribed(facts: Mapping[str, Any], on: date) -> DatedTables:
    """The city's tables, with what the row prescribes in their place."""
    changes: dict[str, dict[str, Any]] = {}
    if "ratio" in facts:
        changes["housing_ratio"] = {"percent": str(Fraction(facts["ratio"]) * 100)}
    elif facts.get("special_rate") and not facts.get("one_house"):
        changes["housing_ratio"] = {"percent": tables().at("housing_ratio", on).body["percent"]}
    if facts.get("special_rate") is False:
        changes["housing_rates"] = {"brackets": tables().at("housing_rates", on).body["brackets"]}
    if "threshold" in facts:
        body = tables().at("property_terms", on).body
        changes["property_terms"] = {**body, "whole_year_in_july_up_to": facts["threshold"]}
    if not changes:
        return tables()
    kept = [table for table in dated() if table.name not in changes]
    given = [
        DatedTable(name=name, valid_from=on, valid_to=on, article="as the example prescribes", body=body)
        for name, body in changes.items()
    ]
    return DatedTables([*kept, *given])
