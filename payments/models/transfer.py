"""Money that the city sends: credit transfers, and the files that carry them to a bank."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from payments.models.bank import BankLine
from payments.states import BatchStatus, TransferPurpose, TransferStatus

# Whoever approved a file doesn't release it.
NEEDS_TWO: Final = (
    Q(status=BatchStatus.WRITTEN, approved_by=None, released_by=None)
    | Q(status=BatchStatus.APPROVED, approved_by__isnull=False, released_by=None)
    | Q(status__in=(BatchStatus.RELEASED, BatchStatus.SENT), approved_by__isnull=False, released_by__isnull=False)
    & ~Q(released_by=F("approved_by"))
    | Q(status=BatchStatus.WITHDRAWN, withdrawn_by__isnull=False, released_by=None)
)
NOT_IN_A_FILE: Final = (TransferStatus.ORDERED, TransferStatus.WITHDRAWN)


class TransferBatch(models.Model):
    """A pain.001 (이체 파일) as it was written, to the byte; nothing of that ever changes (a trigger sees to it).

    `digest` is its SHA-256 in hex: officers approve and release it by that, and it is sent only if its bytes give it.
    `dropped_at`: when it was put where the bank takes it; `ask_at`: when it is put there again for want of an answer.
    """

    bank = models.CharField(max_length=3)
    message_id = models.CharField(max_length=35, unique=True)
    execute_on = models.DateField()
    transfers_count = models.IntegerField()
    amount = models.BigIntegerField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=BatchStatus.choices, default=BatchStatus.WRITTEN)
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, default="", blank=True)
    dropped_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)
    problem = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "bank",
                "execute_on",
                condition=~Q(status=BatchStatus.WITHDRAWN),
                name="payments_one_file_a_day",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, transfers_count__gt=0), name="payments_transferbatch_amount"
            ),
            models.CheckConstraint(condition=Q(status__in=BatchStatus.values), name="payments_transferbatch_status"),
            models.CheckConstraint(condition=NEEDS_TWO, name="payments_transferbatch_needs_two"),
        ]
        indexes = [models.Index("ask_at", name="payments_batch_to_ask", condition=Q(ask_at__isnull=False))]

    def __str__(self) -> str:
        return self.message_id


class Transfer(models.Model):
    """A credit transfer (계좌이체) out of the city's account at `from_bank`; amounts are minor units.

    `reference` is ours for ever (EndToEndId). `purpose` and `key` say for whom it is, once: one that failed is repeated
    by another that `repeats` it. `owed_*` is the account of the books whose debt it pays. `line` is the bank's line by
    which it left, `return_line` the one by which it came back.
    """

    reference = models.CharField(max_length=35, unique=True)
    purpose = models.CharField(max_length=20, choices=TransferPurpose.choices)
    key = models.CharField(max_length=100)
    repeats = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    from_bank = models.CharField(max_length=3)
    bank = models.CharField(max_length=3)
    account = models.CharField(max_length=34)
    holder = models.CharField(max_length=70)
    text = models.CharField(max_length=140)
    amount = models.BigIntegerField()
    pay_on = models.DateField()
    owed_body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    owed_tax = models.CharField(max_length=40)
    owed_purpose = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=TransferStatus.choices, default=TransferStatus.ORDERED)
    batch = models.ForeignKey(TransferBatch, on_delete=models.PROTECT, null=True, related_name="transfers")
    answer = models.CharField(max_length=35, default="", blank=True)
    problem = models.CharField(max_length=200, default="", blank=True)
    ordered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    line = models.OneToOneField(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    return_line = models.OneToOneField(BankLine, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("purpose", "key", condition=Q(repeats=None), name="payments_transfer_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, bank__regex=r"^[0-9]{3}$", account__regex=r"^[0-9]{1,34}$")
                & ~Q(key="")
                & ~Q(holder="")
                & ~Q(text="")
                & ~Q(holder__regex="[[:cntrl:]]")
                & ~Q(text__regex="[[:cntrl:]]"),
                name="payments_transfer_can_be_written",
            ),
            models.CheckConstraint(condition=Q(purpose__in=TransferPurpose.values), name="payments_transfer_purpose"),
            models.CheckConstraint(
                condition=Q(status__in=NOT_IN_A_FILE, batch=None)
                | ~Q(status__in=NOT_IN_A_FILE) & Q(batch__isnull=False),
                name="payments_transfer_status",
            ),
        ]
        indexes = [
            models.Index(
                "from_bank", "pay_on", name="payments_transfer_due", condition=Q(status=TransferStatus.ORDERED)
            ),
            models.Index(
                "id",
                name="payments_transfer_unanswered",
                condition=Q(status__in=(TransferStatus.SENT, TransferStatus.ACCEPTED)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
