from __future__ import annotations

from tests.refunds.conftest import deliver, office

__all__ = ["deliver", "office"]
