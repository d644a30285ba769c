"""What a case ends in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.models.case import Case
from appeals.states import How, Outcome, RulingStatus


class Ruling(models.Model):
    """The decision of a case (결정): drafted by the clerk or a member, signed, served, carried out by the worker.

    `lines` says for a corrected bill what each of its lines comes to, in won, by line id. Of the vote it knows the
    seats and how many were present; `seats` 0: decided without the committee, as the law allows for what is dismissed.
    `in_favour` stands only in rulings of before votes were kept: with it a unanimous ruling would tell how each voted.
    `change`: what billing did because of it.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    lines = models.JSONField(default=dict, blank=True)
    reasons = models.TextField(max_length=20_000)
    seats = models.SmallIntegerField(default=0)
    present = models.SmallIntegerField(default=0)
    in_favour = models.SmallIntegerField(null=True)
    status = models.CharField(max_length=8, choices=RulingStatus.choices, default=RulingStatus.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    served_on = models.DateField(null=True)
    how = models.CharField(max_length=8, choices=How.choices, default="", blank=True)
    change = models.OneToOneField("billing.BillChange", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="appeals_ruling_outcome"),
            models.CheckConstraint(condition=~Q(reasons=""), name="appeals_ruling_says_why"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.CORRECTED) & ~Q(lines={}) | ~Q(outcome=Outcome.CORRECTED) & Q(lines={}),
                name="appeals_ruling_lines",
            ),
            # A majority of the seats is a quorum; that a majority of those present was for it, the votes say.
            models.CheckConstraint(
                condition=Q(seats=0, present=0, outcome=Outcome.DISMISSED)
                | Q(seats__gt=0, present__lte=F("seats"), seats__lt=F("present") * 2),
                name="appeals_ruling_majority",
            ),
            # Whoever drafted it does not sign it.
            models.CheckConstraint(
                condition=Q(status=RulingStatus.DRAFT, signed_by=None, signed_at=None)
                | ~Q(status=RulingStatus.DRAFT)
                & Q(signed_by__isnull=False, signed_at__isnull=False)
                & ~Q(signed_by=F("drafted_by")),
                name="appeals_ruling_signed",
            ),
            models.CheckConstraint(
                condition=Q(status=RulingStatus.SERVED, served_on__isnull=False, how__in=How.values)
                | ~Q(status=RulingStatus.SERVED) & Q(served_on=None, how="", change=None),
                name="appeals_ruling_served",
            ),
        ]

    def __str__(self) -> str:
        return f"ruling of case {self.case_id}"
