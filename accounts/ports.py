"""What accounts asks of apps above it; etax/wiring.py says who answers."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class PaperBills(Protocol):
    """Knows what stands on paper bills."""

    def __call__(self, *, taxpayer_id: int, payment_number: str) -> bool:
        """Whether a bill of this taxpayer carries this electronic payment number (19 digits)."""


def paper_bills() -> PaperBills:
    found: PaperBills = import_string(settings.PAPER_BILLS)
    return found
