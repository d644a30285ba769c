from __future__ import annotations

from accounts.functions import ask


def link_email(*, token: str) -> str | None:
    """The address a mailed token belongs to; None if the link is used, too old or invented."""
    found = ask("accounts_link_email", token)
    return str(found) if found else None
