"""Dated facts that stand beside a bill's state, any number at once; and due dates moved for everybody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.bill import Bill, BillLine
from billing.models.life import BillChange
from billing.states import ExtensionStatus, FactKind


class BillFact(models.Model):
    """A deferral (징수유예), instalment plan (분할납부), contest (불복), hold of an auction (공매 보류), reminder
    (독촉) or seizure (압류).

    It holds from `from_on` to `until_on`, both counted, unless it ended before; the officer and reason stand with the
    changes that made and ended it.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="facts_beside")
    kind = models.CharField(max_length=12, choices=FactKind.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    change = models.OneToOneField(BillChange, on_delete=models.PROTECT, related_name="fact")
    ended_by = models.ForeignKey(
        BillChange, on_delete=models.PROTECT, null=True, db_index=False, related_name="facts_ended"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FactKind.values), name="billing_fact_kind"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="billing_fact_period"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None) | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="billing_fact_end",
            ),
        ]
        indexes = [models.Index("bill", name="billing_fact_of_bill")]

    def __str__(self) -> str:
        return f"{self.kind} of bill {self.bill_id}"


class Instalment(models.Model):
    """One line's share of one part of an instalment plan. Append-only; the newest plan of a bill counts."""

    fact = models.ForeignKey(BillFact, on_delete=models.PROTECT, related_name="parts")
    line = models.ForeignKey(BillLine, on_delete=models.PROTECT, related_name="instalments")
    number = models.SmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("fact", "line", "number", name="billing_instalment_key"),
            models.CheckConstraint(condition=Q(amount__gt=0, number__gt=0), name="billing_instalment_amount"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of line {self.line_id}"


class Extension(models.Model):
    """An act that moves due dates for everybody it names (납부기한 연장); one officer asks, another decides.

    It names bills by the day on which they were nominally due and by taxes and bodies, where empty means all.
    """

    nominal_from = models.DateField()
    nominal_to = models.DateField()
    taxes = models.JSONField(default=list, blank=True)
    bodies = models.JSONField(default=list, blank=True)
    due = models.DateField()
    article = models.CharField(max_length=200)
    reason_ko = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=ExtensionStatus.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    moved = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ExtensionStatus.values), name="billing_extension_status"),
            models.CheckConstraint(
                condition=Q(nominal_to__gte=F("nominal_from"), due__gt=F("nominal_to")), name="billing_extension_dates"
            ),
            models.CheckConstraint(
                condition=~Q(reason_ko="") & ~Q(reason_en="") & ~Q(article=""), name="billing_extension_says_why"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="billing_extension_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None)
                | ~Q(status="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="billing_extension_second_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominal_from}..{self.nominal_to} -> {self.due}"


class DueMove(models.Model):
    """One bill's due date moved by an act for everybody. Append-only."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="due_moves")
    extension = models.ForeignKey(Extension, on_delete=models.PROTECT, related_name="moves")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("bill", "extension", name="billing_duemove_key"),
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="billing_duemove_is_later"),
        ]

    def __str__(self) -> str:
        return f"bill {self.bill_id}: {self.old_due_on} -> {self.new_due_on}"
