"""A return as its payer filed it, and the bill that was made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from filing.states import OVER, Status


class Return(models.Model):
    """What a payer declared (신고서), once: `inputs` is what the tax is computed from, `due_on` the last day of filing.

    `thing` says what it is about; about one thing a payer files once, and amends after that (수정신고): `amends` is the
    return that this one takes further. `said` is the sum that the page showed, which the worker's own has to agree
    with. `key` comes from the form, so that one that is sent twice is one return. What is declared never changes.
    """

    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=200)
    inputs = models.JSONField()
    due_on = models.DateField()
    filed_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at_counter = models.BooleanField()
    key = models.UUIDField(unique=True)
    said = models.BigIntegerField()
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="amended_by", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.FILED)
    bill = models.OneToOneField("billing.Bill", on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "taxpayer",
                "kind",
                "thing",
                condition=Q(amends=None) & ~Q(status__in=OVER),
                name="filing_return_once",
            ),
            models.UniqueConstraint(
                "amends", condition=Q(amends__isnull=False) & ~Q(status__in=OVER), name="filing_return_amended_once"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="filing_return_status"),
            models.CheckConstraint(condition=Q(said__gte=0), name="filing_return_said"),
            models.CheckConstraint(
                condition=Q(status__in=(Status.BILLED, Status.CANCELLED, Status.LAPSED), bill__isnull=False)
                | Q(status__in=(Status.FILED, Status.NOTHING, Status.REFUSED), bill=None),
                name="filing_return_bill",
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-id"], name="filing_return_of_taxpayer"),
            models.Index(fields=["body", "-id"], name="filing_return_of_body"),
        ]

    def __str__(self) -> str:
        return f"return {self.pk}"

    @property
    def number(self) -> str:
        """Its receipt number (접수번호)."""
        return f"{self.filed_on:%Y}-{self.pk:08d}"
