"""Signing in with e-mail address and password, the way Django's `authenticate` wants it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.devices import device_of
from accounts.functions import ask
from accounts.middleware import account_of
from accounts.models import Account
from accounts.passwords import UnknownPasswordParameters, encode, fallback_parameters, proof_of
from accounts.sessions import SessionStore, new_secret
from core.request import current_facts


class PasswordBackend:
    """Proves the password to the database, which opens the session; `request.session` goes on under its new secret.

    `request.sign_in_step` says what follows: `open`, `code`, `enrol`, `wrong` or `later`.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **credentials: Any
    ) -> Account | None:
        if request is None or not username or not password:
            return None
        session = request.session
        assert isinstance(session, SessionStore)  # noqa: S101 (settings say so)
        email, secret = username.strip().lower(), new_secret()
        parameters = ask("accounts_password_parameters", email, fallback_parameters())
        try:
            proof = proof_of(password, parameters)
        except UnknownPasswordParameters:
            request.sign_in_step = "wrong"  # type: ignore[attr-defined]
            return None
        device = device_of(request)
        # Two transactions: the database answers an offer only after it is committed and counted.
        offer = ask("accounts_offer_proof", email, proof, device)
        step = "later" if offer is None else _open(session, offer, email, proof, secret)
        request.sign_in_step = step  # type: ignore[attr-defined]
        if step not in {"open", "code", "enrol"}:
            return None
        session.adopt(secret)
        session.reload()
        _renew(password, proof)
        return account_of(session) or Account(email=email)

    def get_user(self, user_id: int) -> Account | None:
        """Nobody is signed in by a number in a session's data."""
        return None


def _open(session: SessionStore, offer: int, email: str, proof: str, secret: str) -> str:
    with transaction.atomic():
        old, facts = session.session_key or "", current_facts()
        return str(ask("accounts_open_session", offer, email, proof, old, secret, facts.address, session.agent))


def _renew(password: str, proof: str) -> None:
    """Keep a password that was right under today's costs, where they have risen since it was set."""
    if not proof.startswith(f"{fallback_parameters()}$"):
        with transaction.atomic():
            ask("accounts_renew_hash", proof, encode(password))
