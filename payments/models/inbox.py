from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.states import Verdict


class InboxMessage(models.Model):
    """A notification (통지) as it arrived, stored before anything else is done with it.

    Only the very same bytes are the same message; what makes money the same is the movement's own id (`Payment`).
    """

    gateway = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    headers = models.JSONField()
    reference = models.CharField(max_length=64, default="", blank=True)
    verdict = models.CharField(max_length=15, choices=Verdict.choices, default=Verdict.RECEIVED)
    problem = models.CharField(max_length=200, default="", blank=True)
    times = models.IntegerField(default=1)
    received_at = models.DateTimeField(db_default=Now())
    last_received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("gateway", "digest", name="payments_inbox_same_bytes"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="payments_inbox_verdict"),
        ]
        indexes = [
            models.Index("received_at", name="payments_inbox_received"),
            models.Index("ask_at", name="payments_inbox_to_ask", condition=Q(ask_at__isnull=False)),
            models.Index(
                "received_at",
                name="payments_inbox_open",
                condition=~Q(verdict__in=(Verdict.PROCESSED, Verdict.REFUSED)),
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
