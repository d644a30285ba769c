"""Returns of acquisition tax (취득세): Local Tax Act, article 20."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from billing.rules.acquisition import House, acquire, acquire_house
from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.returns.kinds import OBJECT, DeclaredWrong, Input, ReturnKind, Term, Values
from billing.rules.returns.terms import month_end

TAX: Final = "acquisition"
GIFTS: Final = ("gift", "gift_to_nonprofit")
INHERITED: Final = ("inheritance", "inheritance_farmland")
THINGS: Final = (
    *("purchase", "purchase_farmland", *GIFTS, *INHERITED, "original", "division_of_common_property"),
    *("passenger_car", "passenger_car_light", "motorcycle", "vehicle", "vehicle_light", "vehicle_business"),
    *("machinery", "machinery_unregistered", "standing_timber", "mining_fishing_right", "membership"),
)
ACQUIRED_ON: Final = Input(name="acquired_on", holds="day")


def acquired(values: Values) -> date:
    """The day of acquisition (취득일), from which everything counts."""
    return date.fromisoformat(values["acquired_on"])


def _house(values: Values, *, tables: DatedTables) -> Assessed:
    names = ("price", "whole_price", "homes", "regulated", "corporation", "small")
    house = House(**{name: values[name] for name in names if values.get(name) is not None})
    return acquire_house(house=house, on=acquired(values), tables=tables)


def _thing(values: Values, *, tables: DatedTables) -> Assessed:
    if values["kind"] in GIFTS and values.get("regulated"):
        raise RateNotSourced("no rate of acquisition tax for a gift of a house in a regulated area")
    return acquire(kind=values["kind"], price=values["price"], on=acquired(values), tables=tables)


def _term(values: Values, *, tables: DatedTables) -> Term:
    on = acquired(values)
    rows = tables.at("filing_terms", on).body
    kind = values.get("kind", "")
    name = "gift" if kind in GIFTS else "inheritance" if kind in INHERITED else "acquisition"
    row = rows[name]
    if name == "acquisition":
        due = on + timedelta(days=row["days"])
    else:
        due = month_end(on, row["months_abroad" if name == "inheritance" and values.get("abroad") else "months"])
    return Term(year=on.year, term=1, liability_on=on, nominal_due_on=due, article=row["article"])


def _whole_is_more(values: Values) -> None:
    if values.get("whole_price") is not None and values["whole_price"] < values["price"]:
        raise DeclaredWrong("whole_price", "less_than_share")


HOUSE: Final = ReturnKind(
    name="acquisition_house",
    tax=TAX,
    inputs=(
        OBJECT,
        ACQUIRED_ON,
        Input(name="price", holds="won", least=1),
        Input(name="whole_price", holds="won", needed=False, least=1),
        Input(name="homes", holds="count", least=1, most=999),
        Input(name="regulated", holds="yes"),
        Input(name="corporation", holds="yes"),
        Input(name="small", holds="yes"),
    ),
    term_of=_term,
    assess=_house,
    check=_whole_is_more,
)
OTHER: Final = ReturnKind(
    name="acquisition",
    tax=TAX,
    inputs=(
        OBJECT,
        Input(name="kind", holds="choice", choices=THINGS),
        ACQUIRED_ON,
        Input(name="price", holds="won", least=1),
        Input(name="regulated", holds="yes"),
        Input(name="abroad", holds="yes"),
    ),
    term_of=_term,
    assess=_thing,
)
