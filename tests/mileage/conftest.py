from __future__ import annotations

from tests.mileage.world import told
from tests.payments.conftest import doomed, outside, world

__all__ = ["doomed", "outside", "told", "world"]
