from __future__ import annotations

from accounts.models import Account


def email_of_taxpayer(*, taxpayer_id: int) -> str | None:
    """The address with which a taxpayer signs in, which was proved by a link; None where there is none. Worker."""
    account = Account.objects.filter(taxpayer_id=taxpayer_id, kind=Account.Kind.CITIZEN, is_active=True).first()
    return account.email if account else None


def email_of(account_id: int) -> str | None:
    """Where an account gets its mail; None where it has no address or is closed. For jobs."""
    return Account.objects.filter(pk=account_id, is_active=True).values_list("email", flat=True).first()
