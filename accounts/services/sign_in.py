"""Signing in with a password, with a one-time code, and signing out."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.functions import ask
from accounts.lockout import mark_of_credentials
from accounts.sessions import SessionStore, new_secret
from core import clock
from core.errors import Refusal


class WrongEmailOrPassword(Refusal):
    message = _("The e-mail address or the password is wrong.")


class TooManyTries(Refusal):
    message = _("There were too many tries. Wait 15 minutes and try again.")


class WrongCode(Refusal):
    message = _("The code is wrong or no longer good. Wait for the next one and try again.")


def sign_in(request: HttpRequest, *, email: str, password: str) -> str:
    """Prove the password to the database; returns what follows: `open`, `code` or `enrol`.

    Raises `WrongEmailOrPassword` (also for an address that nobody has) or `TooManyTries`.
    """
    user = authenticate(request=request, username=email, password=password)
    step = getattr(request, "sign_in_step", "")
    if getattr(request, "axes_locked_out", False) or step == "later":
        raise TooManyTries
    if user is None:
        raise WrongEmailOrPassword
    ask("accounts_forget_failures", mark_of_credentials(request, {"username": email}), clock.now())
    return str(step)


def pass_code(session: SessionStore) -> None:
    """The one-time code was right: the session goes on, signed in, under a new secret. Raises `WrongCode`."""
    secret = new_secret()
    if not ask("accounts_pass_code", session.session_key or "", secret):
        raise WrongCode
    session.adopt(secret)
    session.reload()


def sign_out(session: SessionStore) -> None:
    session.flush()


def sign_out_elsewhere(*, session_id: int | None = None) -> int:
    """Sign out one other session of the signed-in person, or all of them but this one; returns how many."""
    return int(ask("accounts_end_my_sessions", session_id))
