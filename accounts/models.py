from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Account(AbstractBaseUser):
    """Somebody who can sign in: a citizen, or an officer of the city."""

    class Kind(models.TextChoices):
        CITIZEN = "citizen"
        OFFICER = "officer"

    class Assurance(models.IntegerChoices):
        """How sure the city is of who this is."""

        NONE = 0
        EMAIL = 1
        IDENTITY = 2

    email = models.EmailField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    assurance = models.SmallIntegerField(choices=Assurance.choices, default=Assurance.NONE)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return f"account {self.pk}"


class LevyingBody(models.Model):
    """Who levies: the city, a district (자치구), or an agency."""

    class Kind(models.TextChoices):
        CITY = "city"
        DISTRICT = "district"
        AGENCY = "agency"

    code = models.CharField(max_length=5, primary_key=True)
    name_ko = models.CharField(max_length=50)
    name_en = models.CharField(max_length=50)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    def __str__(self) -> str:
        return self.name_en


class Taxpayer(models.Model):
    """A person or business that owes tax (납세의무자). Numbers that identify it are in the vault only."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual"
        BUSINESS = "business"
        FOREIGNER = "foreigner"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True)

    def __str__(self) -> str:
        return f"taxpayer {self.pk}"
