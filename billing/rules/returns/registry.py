"""Every kind of return that this system can compute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billing.rules.returns import acquisition, income, others, resident
from billing.rules.returns.kinds import ReturnKind

RETURNS: Final[Mapping[str, ReturnKind]] = {
    kind.name: kind
    for kind in (
        acquisition.HOUSE,
        acquisition.OTHER,
        resident.OFFICE,
        resident.EMPLOYEES,
        income.PERSON,
        income.CORPORATION,
        others.REGISTRATION,
        others.LEISURE,
        others.TOBACCO_RETURN,
    )
}


class NoSuchReturn(LookupError):
    """No kind of return has that name."""


def return_kind(name: str) -> ReturnKind:
    """The kind of that name. Raises NoSuchReturn."""
    try:
        return RETURNS[name]
    except KeyError:
        raise NoSuchReturn(name) from None
