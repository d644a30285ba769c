from __future__ import annotations

from tests.mileage.world import told
from tests.payments.conftest import outside, world

__all__ = ["outside", "told", "world"]
