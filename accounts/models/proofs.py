from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Proof(models.Model):
    """Something that a worker checks while the person waits at a page."""

    class Status(models.TextChoices):
        ASKED = "asked"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED, db_default=Status.ASKED)
    refusal = models.CharField(max_length=30, default="", db_default="", blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class IdentityReturn(Proof):
    """An answer of the identity provider: encrypted to a key that only the worker has."""

    # No constraint: a session may end at any moment, and is not held up by this.
    session = models.ForeignKey("accounts.Session", on_delete=models.DO_NOTHING, null=True, db_constraint=False)
    token = models.TextField()
    nonce = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"identity return {self.pk}"


class Claim(Proof):
    """An account says whose record is its own: name, sealed resident number, and a secret of a paper bill."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    sealed_number = models.BinaryField()
    payment_number = models.CharField(max_length=19)

    def __str__(self) -> str:
        return f"claim {self.pk}"
