"""Into which account somebody is paid, and who asked whether there is something."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from refunds.states import PayeeStatus


class Payee(models.Model):
    """An account that a taxpayer wants refunds paid into (환급 계좌). One is in force for a taxpayer at a time.

    `named` is the holder as the bank names them; it must be the taxpayer. An account that takes the place of another is
    usable from `usable_at` on, so that whoever changed it wrongly is found out first.
    """

    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    bank = models.CharField(max_length=3)
    number = models.CharField(max_length=34)
    status = models.CharField(max_length=10, choices=PayeeStatus.choices, default=PayeeStatus.ASKED)
    named = models.CharField(max_length=70, default="", blank=True)
    problem = models.CharField(max_length=60, default="", blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)
    usable_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    # It takes the place of this one: it waits, and is used only once everybody was told.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint("taxpayer", condition=Q(status=PayeeStatus.VERIFIED), name="refunds_one_payee"),
            models.UniqueConstraint("taxpayer", condition=Q(status=PayeeStatus.ASKED), name="refunds_one_payee_asked"),
            models.CheckConstraint(condition=Q(status__in=PayeeStatus.values), name="refunds_payee_status"),
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{6,20}$"), name="refunds_payee_number"),
            models.CheckConstraint(
                condition=~Q(status=PayeeStatus.VERIFIED) | Q(usable_at__isnull=False) & ~Q(named=""),
                name="refunds_payee_verified",
            ),
        ]
        indexes = [
            models.Index("ask_at", name="refunds_payee_to_ask", condition=Q(ask_at__isnull=False)),
            models.Index("usable_at", name="refunds_payee_to_tell", condition=Q(told_at=None, status="verified")),
        ]

    def __str__(self) -> str:
        return f"payee of taxpayer {self.taxpayer_id}"


class Question(models.Model):
    """Somebody asked publicly whether there is something for them. The answer goes to registered contacts only."""

    name = models.CharField(max_length=100)
    born = models.DateField()
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("asked_at", name="refunds_question_waiting", condition=Q(answered_at=None))]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Notice(models.Model):
    """An owner was told that a refund waits, so many days before it is prescribed. Append-only."""

    refund = models.ForeignKey("refunds.Refund", on_delete=models.PROTECT, related_name="notices")
    days = models.IntegerField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("refund", "days", name="refunds_notice_once")]

    def __str__(self) -> str:
        return f"notice of {self.refund_id}"
