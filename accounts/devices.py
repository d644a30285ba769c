"""Known browsers: a cookie that opens nothing, but keeps strangers' wrong passwords from locking its owner out."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.functions import ask
from accounts.sessions import new_secret

A_YEAR: Final = 365 * 24 * 60 * 60


def device_of(request: HttpRequest) -> str:
    """The secret that the browser holds, or an empty text."""
    return request.COOKIES.get(_cookie(), "")[:100]


def is_known(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """For django-axes: the database counts the tries of known browsers, each for itself."""
    device = device_of(request)
    email = str((credentials or {}).get("username", "")).strip().lower()
    return bool(device and email and ask("accounts_knows_device", email, device))


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody has just signed in: let the browser be known from now on."""
    fresh = new_secret()
    with transaction.atomic():
        new = ask("accounts_remember_device", device_of(request), fresh)
    if new:
        response.set_cookie(
            _cookie(), fresh, max_age=A_YEAR, path="/sign-in/", secure=settings.SESSION_COOKIE_SECURE, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response


def _cookie() -> str:
    return f"{settings.FACE}_device"
