from __future__ import annotations

from tests.mileage.world import told

__all__ = ["told"]
