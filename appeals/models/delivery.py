"""Service with proof: letters with their outcome, public notices, and when a mailbox was opened."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.models.case import Case, Entry
from appeals.states import DeliveryStatus, How


class Delivery(models.Model):
    """A try to serve somebody (송달) whose proof comes later: a registered letter, or a public notice (공시송달).

    `line`: the line of the docket that is served; None: the ruling, which is served on the day that this proves.
    `served_on`: that day, once it is proven.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliveries")
    line = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=8, choices=[(one.value, one.label) for one in (How.POST, How.PUBLIC)])
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices)
    tracking = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    sent_on = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    served_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way=How.POST, status__in=DeliveryStatus.of_the_post()) & ~Q(tracking="")
                | Q(way=How.PUBLIC, tracking="", status__in=DeliveryStatus.in_public()) & ~Q(reason=""),
                name="appeals_delivery_way",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.proven(), served_on__gte=F("sent_on"))
                | ~Q(status__in=DeliveryStatus.proven()) & Q(served_on=None),
                name="appeals_delivery_proven",
            ),
            models.UniqueConstraint("tracking", condition=~Q(tracking=""), name="appeals_delivery_tracked_once"),
            models.UniqueConstraint(
                "case", condition=Q(status=DeliveryStatus.PUBLISHED), name="appeals_delivery_one_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} in case {self.case_id}: {self.status}"


class Opened(models.Model):
    """The petitioner opened a line of the docket that was served on the site. Append-only."""

    line = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="opened")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.line_id} opened"
