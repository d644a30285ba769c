"""A taxpayer's claim that a bill asked too much, and what the office answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.evidence import EvidenceFile
from refunds.states import CLAIM_OPEN, ClaimStatus, Ground

# Answered, and the claimant was not written to yet.
UNTOLD = Q(status__in=(ClaimStatus.GRANTED, ClaimStatus.REFUSED), told_at=None)


class Claim(models.Model):
    """A taxpayer says that a bill asked too much, why, and what each tax should be (경정청구, decree article 31).

    `wanted` is {"lines": {line id: won}, "base": won or null}. The office answers until `answer_by`, where the law sets
    a day. Granted, it is a `change` of the bill, which may wait for a second officer; what it gives back is found by
    itself.
    """

    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.REQUEST)
    known_on = models.DateField(null=True)
    wanted = models.JSONField(default=dict)
    text = models.CharField(max_length=1000)
    status = models.CharField(max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.ASKED)
    answer_by = models.DateField(null=True)
    change = models.OneToOneField("billing.BillChange", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, default="", blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("bill", condition=Q(status__in=CLAIM_OPEN), name="refunds_one_open_claim"),
            models.CheckConstraint(condition=Q(status__in=ClaimStatus.values), name="refunds_claim_status"),
            models.CheckConstraint(
                condition=Q(ground=Ground.LATER, known_on__isnull=False)
                | Q(ground__in=(Ground.RETURN, Ground.REQUEST), known_on=None),
                name="refunds_claim_ground",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=False) | Q(ground=Ground.REQUEST), name="refunds_claim_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(status=ClaimStatus.DECIDING) | Q(change__isnull=False),
                name="refunds_claim_decided_by_change",
            ),
            models.CheckConstraint(
                condition=Q(status=ClaimStatus.ASKED, answered_by=None, answered_at=None, answer="")
                | ~Q(status=ClaimStatus.ASKED)
                & Q(answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer=""),
                name="refunds_claim_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "asked_at"], name="refunds_claim_queue"),
            models.Index("answered_at", name="refunds_claim_untold", condition=UNTOLD),
        ]

    def __str__(self) -> str:
        return f"claim about bill {self.bill_id}"


class ClaimFile(EvidenceFile):
    """A paper that shows what a claim says (decree article 31), brought by whoever claims."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="files")

    def __str__(self) -> str:
        return f"file {self.pk} of claim {self.claim_id}"
