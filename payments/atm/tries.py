from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

MANY: Final = 20
WITHIN: Final = timedelta(minutes=15)


@dataclass
class Tries:
    """Payer numbers that were nobody's, on one connection lately: nobody finds one by trying."""

    at: list[datetime] = field(default_factory=list)

    def note(self, *, at: datetime) -> None:
        self.at.append(at)

    def used_up(self, *, at: datetime) -> bool:
        self.at = [moment for moment in self.at if at - moment < WITHIN]
        return len(self.at) >= MANY
