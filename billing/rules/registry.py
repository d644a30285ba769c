"""Every kind of levy roll that this system can compute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billing.rules import prepaid_bill
from billing.rules.assessed import Assessed
from billing.rules.automobile_part_roll import AUTOMOBILE_PART
from billing.rules.automobile_roll import AUTOMOBILE
from billing.rules.dated import DatedTables
from billing.rules.fines import BUS_LANE_FINES, PARKING_FINES
from billing.rules.intended import RULES, assess_intended
from billing.rules.kinds import AssessFacts, Kind
from billing.rules.licence import LICENCE
from billing.rules.property_roll import BUILDING, HOUSING, HOUSING_WHOLE, LAND, VESSEL
from billing.rules.resident_roll import RESIDENT
from billing.rules.returns import figure

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        AUTOMOBILE,
        AUTOMOBILE_PART,
        HOUSING,
        HOUSING_WHOLE,
        BUILDING,
        LAND,
        VESSEL,
        RESIDENT,
        LICENCE,
        PARKING_FINES,
        BUS_LANE_FINES,
    )
}

# Bills that no roll makes: what their facts name as rules.
ALONE: Final[Mapping[str, AssessFacts]] = {
    figure.RULES: figure.assess_facts,
    prepaid_bill.RULES: prepaid_bill.assess_facts,
}


class NoSuchKind(LookupError):
    """No rules of that name."""


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises NoSuchKind."""
    try:
        return KINDS[name]
    except KeyError:
        raise NoSuchKind(name) from None


def assess_again(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bill anew from what it keeps; `rules` in it names its kind, or that an office wrote its sums."""
    if facts["rules"] == RULES:
        return assess_intended(facts)
    alone = ALONE.get(facts["rules"])
    return alone(facts, tables=tables) if alone else kind_of(facts["rules"]).assess_facts(facts, tables=tables)
