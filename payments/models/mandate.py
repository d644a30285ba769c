"""Automatic debit (자동이체): leave to debit, what falls due by it, each try, and what was written about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.models.attempt import Attempt
from payments.states import MANDATE_LIVE, DebitNews, DebitStatus, MandateStatus


class Mandate(models.Model):
    """Leave to debit a taxpayer's bank account (자동이체 동의), given at the bank and never here.

    `account` is the number as the bank masked it; `asked_by` is who set it up and hears of it. `began_on` is the day
    from which it holds. `ask_at`: when the bank is asked next, since its answer is not here yet.
    """

    reference = models.CharField(max_length=32, unique=True)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    gateway = models.CharField(max_length=40)
    gateway_key = models.CharField(max_length=200, default="", blank=True)
    bank = models.CharField(max_length=3)
    account = models.CharField(max_length=20, default="", blank=True)
    language = models.CharField(max_length=5)
    status = models.CharField(max_length=10, choices=MandateStatus.choices, default=MandateStatus.ASKED)
    page_url = models.CharField(max_length=2000, default="", blank=True)
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=200, default="", blank=True)
    failure = models.CharField(max_length=60, default="", blank=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MandateStatus.values), name="payments_mandate_status"),
            models.UniqueConstraint("taxpayer", condition=Q(status__in=MANDATE_LIVE), name="payments_one_live_mandate"),
            models.CheckConstraint(
                condition=~Q(status__in=(MandateStatus.ACTIVE, MandateStatus.ENDING))
                | Q(began_on__isnull=False, ended_on=None) & ~Q(gateway_key=""),
                name="payments_mandate_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(status=MandateStatus.ENDED, began_on__isnull=False),
                name="payments_mandate_ended",
            ),
        ]
        indexes = [
            models.Index("taxpayer", name="payments_mandate_of_taxpayer"),
            models.Index("ask_at", name="payments_mandate_to_ask", condition=Q(ask_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference


class Debit(models.Model):
    """What of a bill falls due on a day and is debited by a mandate (자동이체 출금). `next_at`: the next try."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="debits")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=DebitStatus.choices, default=DebitStatus.DUE)
    tries_made = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            # What falls due is debited once, however many runs there are, and whatever mandate there is.
            models.UniqueConstraint("bill", "due_on", name="payments_debit_once"),
            models.CheckConstraint(condition=Q(status__in=DebitStatus.values), name="payments_debit_status"),
            models.CheckConstraint(
                condition=Q(status=DebitStatus.DUE, next_at__isnull=False)
                | ~Q(status=DebitStatus.DUE) & Q(next_at=None),
                name="payments_debit_next",
            ),
        ]
        indexes = [
            models.Index("next_at", name="payments_debit_to_try", condition=Q(next_at__isnull=False)),
            models.Index("status", name="payments_debit_open", condition=Q(status=DebitStatus.TRYING)),
            models.Index("due_on", name="payments_debit_of_day"),
        ]

    def __str__(self) -> str:
        return f"debit of bill {self.bill_id}"


class DebitTry(models.Model):
    """One try; what became of it is its attempt's to say."""

    debit = models.ForeignKey(Debit, on_delete=models.PROTECT, related_name="tries")
    number = models.SmallIntegerField()
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="debit_try")

    class Meta:
        constraints = [models.UniqueConstraint("debit", "number", name="payments_debit_try_once")]

    def __str__(self) -> str:
        return f"try {self.number} of debit {self.debit_id}"


class DebitLetter(models.Model):
    """A message to whoever gave the mandate: written down with what it tells, mailed afterwards, `sent_at` once it went
    out or there was no address to send it to (`sent` is false then)."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="letters")
    debit_try = models.OneToOneField(DebitTry, on_delete=models.PROTECT, null=True, related_name="letter")
    kind = models.CharField(max_length=10, choices=DebitNews.choices)
    again_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DebitNews.values), name="payments_letter_kind"),
            models.CheckConstraint(
                condition=Q(kind=DebitNews.FAILED, debit_try__isnull=False)
                | ~Q(kind=DebitNews.FAILED) & Q(debit_try=None),
                name="payments_letter_about",
            ),
            models.UniqueConstraint(
                "mandate", "kind", condition=Q(debit_try=None), name="payments_letter_once_about_a_mandate"
            ),
        ]
        indexes = [models.Index("written_at", name="payments_letter_to_send", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} of mandate {self.mandate_id}"
