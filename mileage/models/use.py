from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mileage.models.points import Holder
from mileage.states import UseStatus, Way


class Use(models.Model):
    """Points that somebody uses (마일리지 사용): kept for it first, then spent, or free again.

    `reference` names it for ever; of a bill it is the payment's. `target` is where they go: a card's or account's
    number. `given_back`: how many of the spent ones came back.
    """

    reference = models.CharField(max_length=40, unique=True)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="uses")
    way = models.CharField(max_length=12, choices=Way.choices)
    points = models.BigIntegerField()
    target = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=UseStatus.choices, default=UseStatus.RESERVED)
    given_back = models.BigIntegerField(default=0)
    batch = models.ForeignKey("mileage.Batch", on_delete=models.PROTECT, null=True, related_name="uses")
    because = models.CharField(max_length=200, default="", blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="mileage_use_points"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="mileage_use_way"),
            models.CheckConstraint(
                condition=Q(status=UseStatus.RESERVED, ended_at=None)
                | Q(status__in=(UseStatus.SPENT, UseStatus.RELEASED), ended_at__isnull=False),
                name="mileage_use_status",
            ),
            models.CheckConstraint(
                condition=Q(given_back=0) | Q(status=UseStatus.SPENT, given_back__gt=0, given_back__lte=F("points")),
                name="mileage_use_given_back",
            ),
        ]
        indexes = [models.Index(fields=["holder", "-asked_at"], name="mileage_use_of_holder")]

    def __str__(self) -> str:
        return self.reference
