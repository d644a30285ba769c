from __future__ import annotations

from accounts.models import Account


def email_of_taxpayer(*, taxpayer_id: int) -> str | None:
    """The address with which a taxpayer signs in, which was proved by a link; None where there is none. Worker."""
    account = Account.objects.filter(taxpayer_id=taxpayer_id, kind=Account.Kind.CITIZEN, is_active=True).first()
    return account.email if account else None
