from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from receipts.rendering.facts import NONE, Label

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Letterhead:
    """What a city puts on its paper; comes from the city pack."""

    city: Label
    address: Label = NONE
    contact: str = ""
    zone: ZoneInfo = UTC

    @classmethod
    def read(cls, facts: Mapping[str, Any], *, zone: str) -> Letterhead:
        return cls(
            city=Label.read(facts.get("city")),
            address=Label.read(facts.get("address")),
            contact=str(facts.get("contact") or ""),
            zone=ZoneInfo(zone),
        )
