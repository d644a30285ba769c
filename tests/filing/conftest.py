from __future__ import annotations

from tests.billing.conftest import imported, issued, officers
from tests.refunds.conftest import deliver, office

__all__ = ["deliver", "imported", "issued", "office", "officers"]
