"""Acquisition tax (취득세) and what is due on it: Local Tax Act, articles 10-17, 151; rural special tax, article 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables
from billing.rules.filed import EDUCATION, RURAL, at_rate, education_on, filed_return, percent_text, row_of, rural_on
from billing.rules.rounding import percent
from billing.rules.steps import Step, Value


@dataclass(frozen=True, kw_only=True)
class House:
    """A house bought (주택 유상취득), or a share of one.

    `price`: what is acquired, `whole_price`: the value of the whole house where only a share is acquired. `homes`:
    houses of the household with this one (a house held for a time only between two, 일시적 2주택, is not counted).
    `small`: exempt from the special tax for rural development (서민주택).
    """

    price: int
    whole_price: int | None = None
    homes: int = 1
    regulated: bool = False
    corporation: bool = False
    small: bool = False


def house_rate(price: int, *, body: Mapping[str, Any]) -> Fraction:
    """The ordinary rate by the value of the whole house; between the two limits rounded to the fourth decimal.

    >>> from billing.rules.filed import percent_text
    >>> body = {"low": {"up_to": 600000000, "percent": "1"}, "high": {"percent": "3"}, "middle": {
    ...     "up_to": 900000000, "won_for_two_percent": 300000000, "less_percent": "3", "decimals": 4}}
    >>> [percent_text(house_rate(price, body=body)) for price in (600_000_000, 700_000_000, 750_000_000, 900_000_001)]
    ['1', '1.67', '2', '3']
    """
    if price <= body["low"]["up_to"]:
        return percent(body["low"]["percent"])
    middle = body["middle"]
    if price > middle["up_to"]:
        return percent(body["high"]["percent"])
    exact = Fraction(2 * price, middle["won_for_two_percent"]) / 100 - percent(middle["less_percent"])
    places = 10 ** middle["decimals"]
    return Fraction(int(exact * places + Fraction(1, 2)), places)


def heavy_rate(house: House, *, body: Mapping[str, Any]) -> Fraction | None:
    """The rate for a corporation or for one house too many (article 13-2), None where the ordinary rates hold."""
    if house.corporation:
        return percent(body["corporation"])
    for row in body["regulated" if house.regulated else "elsewhere"]:
        if house.homes >= row["homes"]:
            return percent(row["percent"])
    return None


def acquire_house(*, house: House, on: date, tables: DatedTables) -> Assessed:
    """What a house bought on `on` owes: acquisition tax, education tax, rural special tax, each cut to 10 won."""
    if free := _free(house.price, on=on, tables=tables):
        return free
    table, heavy = tables.at("acquisition_house", on), tables.at("acquisition_house_heavy", on)
    education, rural = tables.at("acquisition_education", on), tables.at("acquisition_rural", on)
    rate, code, article = heavy_rate(house, body=heavy.body), "heavy_rate", heavy.article
    two = percent(rural.body["standard_percent"])
    if rate is None:
        rate, code, article = house_rate(house.whole_price or house.price, body=table.body), "house_rate", table.article
        on_education, on_rural = rate * percent(education.body["house_part_percent"]), two
    else:
        standard = percent(heavy.body["standard_percent"])
        on_education, on_rural = standard - percent(education.body["less_percent"]), rate - standard + two
    values: dict[str, Value] = {"price": house.whole_price or house.price, "percent": percent_text(rate)}
    steps = [Step(code=code, article=article, values=values)]
    amounts: dict[str, int] = {}
    amounts["acquisition"], step = at_rate(house.price, rate, article=article)
    steps.append(step)
    share = on_education * percent(education.body["percent"])
    amounts[EDUCATION], step = education_on(house.price, share, article=education.article)
    steps.append(step)
    if not house.small:
        share = on_rural * percent(rural.body["percent"])
        amounts[RURAL], step = rural_on(house.price, share, article=rural.article)
        steps.append(step)
    return filed_return(amounts, tuple(steps))


def acquire(*, kind: str, price: int, on: date, tables: DatedTables) -> Assessed:
    """What anything else than a house bought owes (articles 11 and 12). Raises RateNotSourced."""
    row = row_of(tables.at("acquisition", on).body, kind, of="acquisition tax")
    if free := _free(price, on=on, tables=tables):
        return free
    rate = percent(row["percent"])
    amounts: dict[str, int] = {}
    amounts["acquisition"], step = at_rate(price, rate, article=row["article"])
    steps = [step]
    education, rural = tables.at("acquisition_education", on), tables.at("acquisition_rural", on)
    if row["education"] and (above := rate - percent(education.body["less_percent"])):
        share = above * percent(education.body["percent"])
        amounts[EDUCATION], step = education_on(price, share, article=education.article)
        steps.append(step)
    if row["rural"]:
        share = percent(rural.body["standard_percent"]) * percent(rural.body["percent"])
        amounts[RURAL], step = rural_on(price, share, article=rural.article)
        steps.append(step)
    return filed_return(amounts, tuple(steps))


def _free(price: int, *, on: date, tables: DatedTables) -> Assessed | None:
    """Nothing is due on a very small value (면세점, article 17)."""
    table = tables.at("acquisition_minimum", on)
    limit: int = table.body["free_up_to"]
    if price > limit:
        return None
    step = Step(code="value_too_small", article=table.article, values={"limit": limit})
    return Assessed(lines=(), steps=(step,), collected=False)
