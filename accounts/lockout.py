"""What django-axes counts: a keyed hash instead of an e-mail address, apart for each face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.functions import ask
from core import clock
from core.request import current_facts


def mark_of_credentials(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Such as `public:5f2b…`; the table tells nobody whose sign-ins failed."""
    email = str((credentials or {}).get("username", "")).strip().lower()
    return f"{settings.FACE}:{salted_hmac('etax.lockout', email, algorithm='sha256').hexdigest()}"


def address_of_request(request: HttpRequest) -> str | None:
    return current_facts().address or None


class LockoutHandler(AxesDatabaseHandler):
    """Deletes through a function of the database: no face may delete from a table."""

    def clean_expired_user_attempts(
        self, request: HttpRequest | None = None, credentials: Mapping[str, Any] | None = None
    ) -> int:
        if request is not None:
            mark = mark_of_credentials(request, credentials)
            ask("accounts_forget_failures", mark, get_cool_off_threshold(request))
        return 0

    def reset_user_attempts(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> int:
        ask("accounts_forget_failures", mark_of_credentials(request, credentials), clock.now())
        return 0
