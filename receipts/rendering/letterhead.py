from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from receipts.rendering.facts import NONE, Label

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Letterhead:
    """What a city puts on its paper; comes from the city pack (`letterhead.yaml`)."""

    city: Label
    address: Label = NONE
    contact: str = ""
    zone: ZoneInfo = UTC
    heads: Mapping[str, Label] = field(default_factory=dict)

    @classmethod
    def read(cls, pack: Mapping[str, Any], *, zone: str) -> Letterhead:
        return cls(
            city=Label.read(pack.get("city")),
            address=Label.read(pack.get("address")),
            contact=str(pack.get("contact") or ""),
            zone=ZoneInfo(zone),
            heads={kind: Label.read(head) for kind, head in (pack.get("heads") or {}).items()},
        )

    def head_of(self, *, kind: str, body: Label) -> Label:
        """In whose name a body's document is issued (과세관청의 장): the head of the body, else of the city."""
        head = self.heads.get(kind) if body.ko else self.heads.get("city")
        if head is None:
            return body if body.ko else self.city
        return Label(ko=head.ko.replace("{name}", body.ko), en=head.en.replace("{name}", body.en))
