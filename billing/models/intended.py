"""Bills that were noticed and are not issued yet (과세예고)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.bill import Bill


class IntendedBill(models.Model):
    """What keeps a draft from becoming a bill: Framework Act on Local Taxes (지방세기본법), article 88.

    Until `waits_until` its payer may ask for a review; while they are heard it is `held`; `released_at`: it need not
    wait any more; `dropped_at`: it was given up. Without a day the notice is not served, and nothing of it is issued.
    The database refuses otherwise.
    """

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, primary_key=True, related_name="intended")
    waits_until = models.DateField(null=True)
    held = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held=False) | Q(released_at=None), name="billing_intended_held"),
            models.CheckConstraint(
                condition=Q(waits_until__isnull=False) | Q(held=False, released_at=None),
                name="billing_intended_served",
            ),
        ]

    def __str__(self) -> str:
        return f"intended bill {self.bill_id}"
