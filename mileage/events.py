"""What mileage tells other apps: references and ids only."""

from __future__ import annotations

from typing import Final

# Points kept for a use were spent: {"reference", "way"}. Written by `mileage_spend`.
POINTS_SPENT: Final = "mileage.spent.v1"
