"""Accounts that the city makes: officers, and sample people of a demonstration."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Assurance
from accounts.models import Account, Officer
from accounts.passwords import encode
from core import audit
from core.errors import Refusal


class EmailAlreadyUsed(Refusal):
    message = _("There is an account with this e-mail address already.")


def create_officer(*, email: str, name: str, body: str, password: str = "", actor_id: int | None = None) -> int:
    """An officer of a levying body, without any role yet; returns the account's id. Raises `EmailAlreadyUsed`.

    Without a password the officer chooses one by a link that the worker mails (`accounts.services.ask_for_link`).
    """
    with transaction.atomic():
        account_id = _create(email, Account.Kind.OFFICER, Assurance.EMAIL, password)
        Officer.objects.create(account_id=account_id, body_id=body, name=name)
        audit.record(action="accounts.officer_appointed", subject=f"account:{account_id}", actor_id=actor_id)
    return account_id


def create_citizen(
    *, email: str, password: str, taxpayer_id: int | None = None, assurance: Assurance = Assurance.EMAIL
) -> int:
    """A citizen with a verified e-mail address, for samples and tests; returns the account's id. Worker only."""
    with transaction.atomic():
        account_id = _create(email, Account.Kind.CITIZEN, assurance, password)
        if taxpayer_id is not None:
            Account.objects.filter(pk=account_id).update(taxpayer_id=taxpayer_id)
        audit.record(action="accounts.citizen_created", subject=f"account:{account_id}", taxpayer_id=taxpayer_id)
    return account_id


def give_code_generator(*, account_id: int, secret: str) -> None:
    """A confirmed code generator with a known secret (hexadecimal digits), for samples and tests. Worker only."""
    TOTPDevice.objects.create(user_id=account_id, name="app", key=secret, confirmed=True)


def _create(email: str, kind: str, assurance: Assurance, password: str) -> int:
    account = Account(email=email.strip().lower(), kind=kind, assurance=assurance)
    account.password = encode(password) if password else ""
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise EmailAlreadyUsed from None
    return account.pk
