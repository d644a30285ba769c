"""What banks send in files, and what became of each line."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.bankfiles.states import Fate, FileStatus
from payments.models.attempt import Attempt
from payments.models.inbox import InboxMessage
from payments.models.payment import Payment
from payments.states import Channel


class BankFile(models.Model):
    """A file of a bank (은행 파일). Its bytes are in the inbox, stored before anything else was done with them.

    `gateway` is `statement:<bank>`, the source of the movements' ids. `reason` and `difference` say why it was refused.
    `statements` is [{"id", "account", "opening", "closing"}]; balances are minor units, null in a notice.
    """

    message = models.OneToOneField(InboxMessage, on_delete=models.PROTECT, related_name="+")
    bank = models.CharField(max_length=3)
    gateway = models.CharField(max_length=40)
    name = models.CharField(max_length=200, default="", blank=True)
    status = models.CharField(max_length=10, choices=FileStatus.choices, default=FileStatus.BROUGHT)
    kind = models.CharField(max_length=20, default="", blank=True)
    message_number = models.CharField(max_length=35, default="", blank=True)
    statements = models.JSONField(default=list)
    reason = models.CharField(max_length=20, default="", blank=True)
    difference = models.CharField(max_length=200, default="", blank=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    brought_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FileStatus.values), name="payments_bankfile_status"),
            # A bank's message counts once, however often it is sent and in however many wrappings.
            models.UniqueConstraint(
                "gateway",
                "kind",
                "message_number",
                condition=Q(status__in=(FileStatus.READ, FileStatus.POSTED)),
                name="payments_bankfile_message_once",
            ),
        ]
        indexes = [
            models.Index(
                "id", name="payments_bankfile_open", condition=Q(status__in=(FileStatus.BROUGHT, FileStatus.READ))
            ),
            models.Index("brought_at", name="payments_bankfile_brought"),
        ]

    def __str__(self) -> str:
        return f"bank file {self.pk}"


class BankLine(models.Model):
    """A movement on the city's account as a file tells it; `amount` is signed, money in is positive.

    `movement_id` is the same wherever the same movement is told with the bank's own reference; else it is the
    statement's number with the entry's and the transaction's place in it. `number` is the account that was paid to,
    `channel` the way that money took which names a bill, `bill_number` that bill's electronic payment number
    (전자납부번호). Where it names one, `order_reference` and `link_mark` are ready for the payment to be made.
    """

    # Without indexes of their own: each would be written for every line, and lines are found by file and movement.
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines", db_index=False)
    gateway = models.CharField(max_length=40)
    of_statement = models.BooleanField()
    account = models.CharField(max_length=34)
    movement_id = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    exact = models.BooleanField()
    booked_on = models.DateField()
    booked = models.BooleanField()
    taken_back = models.BooleanField()
    lump = models.BooleanField()
    entry_ref = models.CharField(max_length=35, default="", blank=True)
    own_ref = models.CharField(max_length=35, default="", blank=True)
    end_to_end = models.CharField(max_length=35, default="", blank=True)
    number = models.CharField(max_length=34, default="", blank=True)
    payer = models.CharField(max_length=70, default="", blank=True)
    text = models.CharField(max_length=500, default="", blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices, db_default=Channel.BANK_TRANSFER)
    bill_number = models.CharField(max_length=19, default="", blank=True)
    order_reference = models.CharField(max_length=32, default="", blank=True)
    link_mark = models.BinaryField(max_length=32, null=True)
    fate = models.CharField(max_length=15, choices=Fate.choices, default=Fate.WAITING)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("file", "movement_id", name="payments_bankline_once_in_file"),
            models.CheckConstraint(condition=Q(fate__in=Fate.values), name="payments_bankline_fate"),
        ]
        indexes = [
            models.Index("file", "id", name="payments_bankline_open", condition=Q(fate__in=(Fate.WAITING, Fate.APART))),
            # What tells lines apart stands first, and the bank last: before a table's rows are counted for the first
            # time an index that begins with the bank looks as good as any, and finds all lines of the bank.
            models.Index("movement_id", "gateway", name="payments_bankline_of_movement"),
            models.Index("entry_ref", "gateway", name="payments_bankline_of_entry", condition=~Q(entry_ref="")),
            models.Index(
                "account",
                "booked_on",
                "amount",
                "gateway",
                name="payments_bankline_nameless",
                condition=Q(entry_ref="", own_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.movement_id}"
