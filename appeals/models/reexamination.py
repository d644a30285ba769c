"""What came of a bill that was ordered to be examined anew."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.models.case import Case
from appeals.states import How, Result, ResultStatus


class Reexamination(models.Model):
    """The result of a re-examination (재조사 결과): written, confirmed by another officer, served, carried out.

    `lines` says for a reduced bill what each of its lines comes to, in won, by line id. `change`: what billing did
    because of it. Its term runs from the ruling and is computed (`Clocks.to_reexamine`), never stored.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reexamination")
    result = models.CharField(max_length=10, choices=Result.choices)
    lines = models.JSONField(default=dict, blank=True)
    reasons = models.TextField(max_length=20_000)
    status = models.CharField(max_length=10, choices=ResultStatus.choices, default=ResultStatus.WRITTEN)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    served_on = models.DateField(null=True)
    how = models.CharField(max_length=8, choices=How.choices, default="", blank=True)
    change = models.OneToOneField("billing.BillChange", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=Result.values, status__in=ResultStatus.values) & ~Q(reasons=""),
                name="appeals_reexamination_says",
            ),
            models.CheckConstraint(
                condition=Q(result=Result.REDUCED) & ~Q(lines={}) | ~Q(result=Result.REDUCED) & Q(lines={}),
                name="appeals_reexamination_lines",
            ),
            # Whoever wrote it does not confirm it.
            models.CheckConstraint(
                condition=Q(status=ResultStatus.WRITTEN, confirmed_by=None, confirmed_at=None)
                | ~Q(status=ResultStatus.WRITTEN)
                & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("written_by")),
                name="appeals_reexamination_by_two",
            ),
            models.CheckConstraint(
                condition=Q(status=ResultStatus.SERVED, served_on__isnull=False, how__in=How.values)
                | ~Q(status=ResultStatus.SERVED) & Q(served_on=None, how="", change=None),
                name="appeals_reexamination_served",
            ),
        ]

    def __str__(self) -> str:
        return f"re-examination in case {self.case_id}"
