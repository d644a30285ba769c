"""The signed-in person's own password: changing it, and proving it once more."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.functions import ask
from accounts.models import Account
from accounts.passwords import encode, fallback_parameters, proof_of
from core.errors import Refusal


class WrongPassword(Refusal):
    message = _("The present password is wrong, or it was tried too often. Try again in an hour.")


def change_password(request: HttpRequest, *, present: str, fresh: str) -> None:
    """Set another password and sign out everywhere else. Raises `WrongPassword`."""
    if not ask("accounts_change_password", _proof(request, present), encode(fresh)):
        raise WrongPassword


def drop_generator(request: HttpRequest, *, present: str) -> None:
    """Turn the second factor off (citizens). Raises `WrongPassword`."""
    if not ask("accounts_drop_code_generator", _proof(request, present)):
        raise WrongPassword


def _proof(request: HttpRequest, password: str) -> str:
    email = request.user.email if isinstance(request.user, Account) and request.user.email else ""
    return proof_of(password, ask("accounts_password_parameters", email, fallback_parameters()))
