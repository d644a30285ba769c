"""The call centre: a call, what the caller was asked, and the two ways in which the agent lets them pay."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.models.attempt import Attempt
from payments.states import CallStatus, LinkSending

ONGOING = (CallStatus.OPEN, CallStatus.CHECKED)


class Call(models.Model):
    """A call that an agent answers (상담 통화). `taxpayer`: whose bills it is about, once the caller was checked.

    Until `checked_until` the agent's session sees that taxpayer's bills, and no longer.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=CallStatus.choices, default=CallStatus.OPEN)
    started_at = models.DateTimeField(db_default=Now())
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, null=True, related_name="+")
    checked_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # An agent speaks with one person at a time.
            models.UniqueConstraint("officer", condition=Q(status__in=ONGOING), name="payments_one_call_of_an_agent"),
            models.CheckConstraint(condition=Q(status__in=CallStatus.values), name="payments_call_status"),
            models.CheckConstraint(
                condition=~Q(status=CallStatus.CHECKED) | Q(taxpayer__isnull=False, checked_until__isnull=False),
                name="payments_call_checked_is_of_somebody",
            ),
        ]
        indexes = [models.Index("officer", "started_at", name="payments_calls_of_agent")]

    def __str__(self) -> str:
        return f"call {self.pk}"


class CallCheck(models.Model):
    """What a caller said of themselves, as hashes; wrong until it is answered otherwise."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="checks")
    number_mark = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    right = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index("number_mark", "at", condition=Q(right=False), name="payments_checks_of_number"),
            models.Index("at", condition=Q(right=False), name="payments_wrong_checks"),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"


class PayLink(models.Model):
    """A link to pay certain bills, sent as a text message (문자 납부 링크). It opens once, in one browser.

    `token_hash` is the SHA-256 of its secret, which only the worker makes: from `reference`, when it sends the message.
    `sealed_telephone` opens in the worker only, and is forgotten when the message has arrived or has not.
    `ask_at`: when the message is sent, or asked about, next.
    """

    reference = models.CharField(max_length=32, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="links")
    form_key = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    telephone_shown = models.CharField(max_length=13)
    sealed_telephone = models.BinaryField(max_length=1000, null=True)
    status = models.CharField(max_length=9, choices=LinkSending.choices, default=LinkSending.ASKED)
    problem = models.CharField(max_length=60, default="", db_default="", blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True, null=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    session_mark = models.CharField(max_length=64, default="", db_default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("call", "form_key", name="payments_link_once_per_form"),
            models.CheckConstraint(condition=Q(status__in=LinkSending.values), name="payments_link_sending"),
            models.CheckConstraint(
                condition=Q(opened_at=None, session_mark="") | (Q(opened_at__isnull=False) & ~Q(session_mark="")),
                name="payments_link_opened_by_somebody",
            ),
        ]
        indexes = [models.Index("ask_at", name="payments_links_to_send", condition=Q(ask_at__isnull=False))]

    def __str__(self) -> str:
        return self.reference


class PayLinkItem(models.Model):
    """A bill that a link shows."""

    link = models.ForeignKey(PayLink, on_delete=models.PROTECT, related_name="items")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("link", "bill", name="payments_link_bill_once")]

    def __str__(self) -> str:
        return f"{self.link_id}/{self.bill_id}"


class PhoneCall(models.Model):
    """The telephone on whose keys a card is typed for an attempt (버튼식 ARS), until the gateway has the payer."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="phone")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="entries")
    telephone_shown = models.CharField(max_length=13)
    sealed_telephone = models.BinaryField(max_length=1000, null=True)

    def __str__(self) -> str:
        return f"telephone of {self.attempt_id}"
