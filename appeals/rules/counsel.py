"""Who can have a professional appointed (선정대리인): small claims of people with small means.

Framework Act on Local Taxes (지방세기본법), article 93-2. Not to be mixed with the special tax advocate (세무변호인),
who stands beside every petitioner.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Short(StrEnum):
    """A condition that is not met."""

    TAX = "tax"  # not about this tax
    CLAIM = "claim"  # the claim is too large
    YEARLY = "yearly"  # income of a year, or a company's sales
    OWNED = "owned"  # what they own, or a company's assets
    LISTED = "listed"  # on the list of delinquents (고액·상습체납자)


def of_the_case(*, tax: str, claim: int, rule: Mapping[str, Any]) -> list[Short]:
    """What stands against it in the case itself, whoever asks. `claim` in won; `rule`: the body of `appointed_counsel`.

    >>> rule = {"claim": 20_000_000, "not_for": ["leisure"]}
    >>> of_the_case(tax="leisure", claim=20_000_001, rule=rule)
    [<Short.TAX: 'tax'>, <Short.CLAIM: 'claim'>]
    >>> of_the_case(tax="property", claim=20_000_000, rule=rule)
    []
    """
    found = {Short.TAX: tax in rule["not_for"], Short.CLAIM: claim > rule["claim"]}
    return [short for short, holds in found.items() if holds]


def of_the_means(*, person: str, yearly: int, owned: int, listed: bool, rule: Mapping[str, Any]) -> list[Short]:
    """What stands against it in what somebody has: `yearly` and `owned` in won, `person` individual or corporate.

    >>> rule = {"means": {"individual": {"yearly": 50_000_000, "owned": 500_000_000}}}
    >>> of_the_means(person="individual", yearly=50_000_000, owned=500_000_001, listed=False, rule=rule)
    [<Short.OWNED: 'owned'>]
    """
    most = rule["means"][person]
    found = {Short.YEARLY: yearly > most["yearly"], Short.OWNED: owned > most["owned"], Short.LISTED: listed}
    return [short for short, holds in found.items() if holds]
