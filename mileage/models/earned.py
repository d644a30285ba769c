from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mileage.models.points import Holder


class EarnedBill(models.Model):
    """What a bill has earned its taxpayer, as it stands now: what was credited for it less what was taken back.

    `bill` is its number in billing, a brother, so no foreign key. `facts` are those that the points were reckoned from:
    while they are the same, nothing is reckoned anew, whatever became of the rules. `turns` counts the changes.
    """

    bill = models.BigIntegerField(primary_key=True)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, null=True, related_name="earned")
    points = models.BigIntegerField(default=0)
    paid_on = models.DateField(null=True)
    counts = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    turns = models.IntegerField(default=0)
    reckoned_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0), name="mileage_earned_points"),
            models.CheckConstraint(condition=Q(holder__isnull=False) | Q(points=0), name="mileage_earned_by_somebody"),
        ]
        indexes = [models.Index("holder", "paid_on", name="mileage_earned_of_holder", condition=Q(counts=True))]

    def __str__(self) -> str:
        return f"points of bill {self.bill}"
