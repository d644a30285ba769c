from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now

from accounts import enums


class Account(AbstractBaseUser):
    """Somebody who can sign in: a citizen, or an officer of the city.

    `email` is null where somebody signs in by mobile identity only; `password` is empty then.
    """

    class Kind(models.TextChoices):
        CITIZEN = "citizen"
        OFFICER = "officer"

    Assurance = enums.Assurance

    last_login = None
    email = models.EmailField(unique=True, null=True)  # noqa: DJ001 (unique where it is there)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    assurance = models.SmallIntegerField(choices=enums.Assurance.choices, default=enums.Assurance.NONE)
    is_active = models.BooleanField(default=True)
    taxpayer = models.OneToOneField("accounts.Taxpayer", on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")) | models.Q(email=None), name="accounts_email_in_lower_case"
            ),
            models.CheckConstraint(condition=models.Q(assurance__range=(0, 2)), name="accounts_assurance_level"),
            models.CheckConstraint(
                condition=models.Q(kind="citizen") | models.Q(kind="officer", email__isnull=False),
                name="accounts_account_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"
