"""What officers did to a bill after it was issued: each change with its officer and reason, and what it did in won."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.bill import Bill, BillLine
from billing.states import ChangeKind, ChangeStatus

OPEN = (ChangeStatus.PROPOSED, ChangeStatus.DECIDED)


class BillChange(models.Model):
    """A change of one bill (처분): asked for by one officer, above a threshold decided by another.

    `details` is what the kind of change needs. How many won it weighs (`amount`) and whether a second officer has to
    decide, the database writes itself (`threshold.sql`). A change that a job found (prescription) has no asking officer
    and always waits for one.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    status = models.CharField(max_length=10, choices=ChangeStatus.choices)
    amount = models.BigIntegerField()
    details = models.JSONField()
    reason = models.CharField(max_length=300)
    article = models.CharField(max_length=200)
    needs_second = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_because = models.CharField(max_length=300, default="", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ChangeStatus.values), name="billing_change_status"),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="billing_change_kind"),
            models.CheckConstraint(condition=Q(amount__gte=0) & ~Q(reason=""), name="billing_change_says_why"),
            # Whoever asked for a change doesn't decide about it.
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=F("asked_by")),
                name="billing_change_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("decided", "done")) | Q(needs_second=False) | Q(decided_by__isnull=False),
                name="billing_change_second_officer",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=True) | Q(asked_by__isnull=False), name="billing_change_has_officer"
            ),
            models.UniqueConstraint("bill", "kind", condition=Q(status__in=OPEN), name="billing_change_waits_once"),
        ]
        indexes = [
            models.Index("bill", name="billing_change_of_bill"),
            models.Index("asked_at", name="billing_change_waiting", condition=Q(status="proposed")),
            models.Index("asked_by", "asked_at", name="billing_change_of_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of bill {self.bill_id}"


class OfficerTurn(models.Model):
    """One officer's changes for one taxpayer are weighed one after the other: whoever counts holds this row."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, db_index=False)
    turns = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("officer", "taxpayer", name="billing_officerturn_key")]

    def __str__(self) -> str:
        return f"officer {self.officer_id} and taxpayer {self.taxpayer_id}"


class BillAdjustment(models.Model):
    """Won by which a line became less (감액), and what of earlier payments is thereby to be paid back. Append-only.

    `returned` is tax, `surcharge_returned` late payment surcharge; both were credited to what the city pays back.
    A credit for electronic notice or automatic payment becomes one when the bill was paid in time; it has no change.
    `move`: the due date was moved after somebody had paid late (`moved_back.sql`).
    It is below zero where that money was taken back, and the credit with it; so is what goes back, beside the same
    change or move, as far as the money that it gave back is gone.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="adjustments")
    line = models.ForeignKey(BillLine, on_delete=models.PROTECT, related_name="adjustments")
    change = models.ForeignKey(BillChange, on_delete=models.PROTECT, null=True, related_name="adjustments")
    move = models.ForeignKey(
        "billing.DueMove", on_delete=models.PROTECT, null=True, db_index=False, related_name="adjustments"
    )
    credit = models.BooleanField()
    amount = models.BigIntegerField()
    returned = models.BigIntegerField()
    surcharge_returned = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, returned__gte=0, surcharge_returned__gte=0)
                & ~Q(amount=0, returned=0, surcharge_returned=0)
                | Q(credit=True, amount__lt=0, returned=0, surcharge_returned=0)
                | Q(amount=0, returned__lte=0, surcharge_returned__lte=0) & ~Q(returned=0, surcharge_returned=0),
                name="billing_adjustment_amounts",
            ),
            models.CheckConstraint(
                condition=Q(returned__lte=F("amount")) | Q(credit=True), name="billing_adjustment_returned"
            ),
            models.CheckConstraint(
                condition=Q(credit=True, change=None)
                | Q(credit=False, change__isnull=False, move=None)
                | Q(credit=False, change=None, move__isnull=False),
                name="billing_adjustment_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line_id}: -{self.amount}"


class BillReplacement(models.Model):
    """The bill that was issued in place of another (재고지). Append-only."""

    old = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="replaced")
    new = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="replacing")
    change = models.OneToOneField(BillChange, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(new__gt=F("old")), name="billing_replacement_is_newer")]

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id}"


class PaperRequest(models.Model):
    """Somebody who may see a bill asked for it as a signed file; `token` is the hash of the secret of their link."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT)
    token = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index("bill", "asked_at", name="billing_paper_of_bill")]

    def __str__(self) -> str:
        return f"paper of bill {self.bill_id}"
