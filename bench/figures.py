"""How a figure is printed: one line of JSON each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A rate of ours and the limit that the same server sets, both measured in this run."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def ratio(self) -> float:
        return round(self.value / self.limit, 3) if self.limit else 0.0

    def line(self) -> str:
        facts = asdict(self) | {"value": round(self.value, 1), "limit": round(self.limit, 1)}
        return json.dumps({**facts, "ratio": self.ratio})
