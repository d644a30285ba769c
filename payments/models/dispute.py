"""A cardholder's objection (이의제기) and what the city answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.states import DisputeStatus


class Dispute(models.Model):
    """A cardholder objected at the card company, which took the money by the movement `movement_id` (a `Reversal`).

    `respond_by`: until when an answer counts; empty while only the movement is known. `ask_at`: when the answer is
    sent, or sent again since nobody knows whether it arrived.
    """

    gateway = models.CharField(max_length=40)
    movement_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200, default="", blank=True)
    respond_by = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=DisputeStatus.choices, default=DisputeStatus.OPEN)
    statement = models.CharField(max_length=2000, default="", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(db_default=Now())
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)
    problem = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("gateway", "movement_id", name="payments_dispute_once"),
            models.CheckConstraint(condition=Q(status__in=DisputeStatus.values), name="payments_dispute_status"),
            models.CheckConstraint(
                condition=~Q(status__in=(DisputeStatus.SENDING, DisputeStatus.REPRESENTED))
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(statement=""),
                name="payments_dispute_answer_has_officer",
            ),
        ]
        indexes = [models.Index("ask_at", name="payments_dispute_to_ask", condition=Q(ask_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.movement_id}"


class DisputeFile(models.Model):
    """Evidence that goes with the answer. In the database, so that row-level security covers it. Append-only."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("png", "PNG")])
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
