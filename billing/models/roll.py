"""Levy rolls and their staged rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from billing.models.city import TaxType
from billing.states import RollStatus

GONE = (RollStatus.REFUSED, RollStatus.WITHDRAWN, RollStatus.CANCELLED)


class LevyRoll(models.Model):
    """A file of one tax and period (부과대장): one officer brings it, another approves it, jobs make bills of it."""

    office = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT)
    tax = models.ForeignKey(TaxType, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)  # of billing.rules.registry: which rules read and compute it
    tax_year = models.SmallIntegerField()
    term = models.SmallIntegerField()
    status = models.CharField(max_length=12, choices=RollStatus.choices)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)  # bytes of the file
    sealed_key = models.BinaryField(null=True)  # opens the file's pieces; sealed to the vault, and gone when they are
    attempts = models.SmallIntegerField(default=0)
    encoding = models.CharField(max_length=12, default="", blank=True)
    rows_expected = models.IntegerField(default=0)
    row_count = models.IntegerField(default=0)  # rows read so far, in the end of the whole file
    kept_count = models.IntegerField(default=0)
    problem_count = models.IntegerField(default=0)
    changes = models.JSONField(default=list)  # the largest differences to last year's rolls
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)  # from then on it is not cancelled as a whole
    cancel_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, default="", blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RollStatus.values), name="billing_roll_status"),
            models.CheckConstraint(condition=Q(term__range=(1, 9)), name="billing_roll_term"),
            # Whoever brought a roll doesn't approve it.
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("uploaded_by")), name="billing_roll_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("approved", "issuing", "issued"))
                | Q(approved_by__isnull=False, approved_at__isnull=False, problem_count=0),
                name="billing_roll_issue_needs_approval",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None) | ~Q(cancelled_by=models.F("cancel_asked_by")),
                name="billing_roll_cancelled_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("cancelling", "cancelled"))
                | Q(cancel_asked_by__isnull=False, cancelled_by__isnull=False, noticed_at=None),
                name="billing_roll_cancel_needs_decision",
            ),
            models.UniqueConstraint("sha256", condition=~Q(status__in=GONE), name="billing_roll_file_once"),
        ]

    def __str__(self) -> str:
        return f"roll {self.pk}"


class RollPiece(models.Model):
    """A piece of a roll's file as it was brought, encrypted; removed as soon as the file has been read."""

    roll = models.ForeignKey(LevyRoll, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("roll", "number", name="billing_rollpiece_once")]

    def __str__(self) -> str:
        return f"{self.roll_id}/{self.number}"


class RollTotal(models.Model):
    """What a roll asks in one district, `taxes` being {"automobile": won, …}, and what last year's rolls asked."""

    roll = models.ForeignKey(LevyRoll, on_delete=models.PROTECT, related_name="totals", db_index=False)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, db_index=False)
    rows = models.IntegerField()
    not_collected = models.IntegerField()
    amount = models.BigIntegerField()
    taxes = models.JSONField()
    rows_before = models.IntegerField(null=True)
    amount_before = models.BigIntegerField(null=True)
    appeared = models.IntegerField(null=True)
    vanished = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("roll", "body", name="billing_rolltotal_once")]

    def __str__(self) -> str:
        return f"{self.roll_id}/{self.body_id}: {self.amount}"


class RollRow(models.Model):
    """A good row of a roll, its payer known and its tax computed.

    `lines` is [{"tax", "amount"}, …], `facts` what it was computed from. It holds nothing else of a person. Its parents
    are looked up by the statements that stage it and that make bills of it, not by a check for every row.
    """

    roll = models.ForeignKey(
        LevyRoll, on_delete=models.PROTECT, related_name="rows", db_constraint=False, db_index=False
    )
    row_number = models.IntegerField()
    roll_ref = models.CharField(max_length=40)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    object_ref = models.CharField(max_length=40)
    facts = models.JSONField()
    lines = models.JSONField()
    amount = models.BigIntegerField()
    collected = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint("roll_ref", name="billing_rollrow_ref_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="billing_rollrow_amount"),
        ]
        indexes = [
            # Jobs go through a district's rows in this order (see billing.models.part).
            models.Index("roll", "body", "id", name="billing_rollrow_part"),
            models.Index("object_ref", name="billing_rollrow_object"),
        ]

    def __str__(self) -> str:
        return self.roll_ref


class RollProblem(models.Model):
    """Why a row can't be billed: row (the header is 1), column and reason.

    `shown` is what stood there, never a person's number.
    """

    roll = models.ForeignKey(LevyRoll, on_delete=models.PROTECT, related_name="problems")
    row_number = models.IntegerField()
    column = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    shown = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index("roll", "row_number", name="billing_problem_of_roll")]

    def __str__(self) -> str:
        return f"{self.row_number}/{self.column}: {self.code}"


class NumberRange(models.Model):
    """The next free serial of an office's numbers; taken for a whole part of a roll at once."""

    key = models.CharField(max_length=60, primary_key=True)
    next_serial = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(next_serial__gt=0), name="billing_numberrange_positive")]

    def __str__(self) -> str:
        return f"{self.key}: {self.next_serial}"
