from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from receipts.states import Status

# The register no longer stands by it.
GONE = (Status.WITHDRAWN, Status.ANNULLED)


class Kind(models.TextChoices):
    PAYMENT = "payment", _("Payment receipt")
    BILL = "bill", _("Bill")
    MODEL_TAXPAYER = "model_taxpayer", _("Certificate of a model taxpayer")
    REFUND = "refund", _("Refund notice")
    RULING = "ruling", _("Decision on an objection")
    REFERRAL = "referral", _("Cover of a file for the Tax Tribunal")


class Document(models.Model):
    """A line of the register of documents (발급대장): what was handed out, to whom, on which facts."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.CharField(max_length=20, unique=True)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=100)
    """What it certifies, in the words of the one who asked: the same kind and reference is the same document."""
    facts = models.JSONField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    sha256 = models.BinaryField(max_length=32, null=True)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)
    sealed = models.BooleanField(default=False, db_default=False)
    """What it certifies is sealed: the office's register does not show it."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "reference"], name="receipts_one_document_per_reference"),
            models.UniqueConstraint(fields=["sha256"], name="receipts_one_document_per_content"),
            models.CheckConstraint(
                condition=Q(status=Status.REQUESTED, sha256=None, ready_at=None)
                | Q(status__in=[Status.READY, Status.WITHDRAWN], sha256__isnull=False, ready_at__isnull=False)
                | Q(status=Status.ANNULLED),
                name="receipts_ready_has_content",
            ),
            models.CheckConstraint(
                condition=Q(status__in=GONE, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")
                | ~Q(status__in=GONE) & Q(withdrawn_at=None),
                name="receipts_withdrawn_has_reason",
            ),
        )
        indexes = (models.Index(fields=["taxpayer", "-requested_at"]),)

    def __str__(self) -> str:
        return self.number


class Withdrawal(models.Model):
    """A wish to withdraw a document (발급 취소), and what a second officer decided about it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["document"], condition=Q(decided_at=None), name="receipts_one_open_withdrawal"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="receipts_withdrawal_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, granted=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="receipts_withdrawal_needs_two",
            ),
        )

    def __str__(self) -> str:
        return f"withdrawal of {self.document_id}"


class DocumentContent(models.Model):
    """The signed file. In the database, so that row-level security covers it: docs/adr/0008."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="content")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.document_id}"


class DocumentToken(models.Model):
    """A link to one document for somebody without an account. Only the hash is kept."""

    sha256 = models.BinaryField(max_length=32, primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="tokens")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"token of {self.document_id}"


class LookupCount(models.Model):
    """How often one address asked the register in one span of ten minutes."""

    source = models.BinaryField(max_length=32)
    span = models.DateTimeField()
    tries = models.IntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "span"], name="receipts_one_count_per_span"),)
        indexes = (models.Index(fields=["span"]),)

    def __str__(self) -> str:
        return f"{self.tries} tries"
