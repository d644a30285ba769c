"""Talking to the provider: where a browser is sent, and fetching what comes back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.urls import reverse

from core.db.transactions import forbid_in_transaction

TIMEOUT: Final = 10.0


class UnableToReachProvider(RuntimeError):
    """The provider did not answer, or not as its protocol says."""


@dataclass(frozen=True)
class Journey:
    """What must be the same when the browser comes back; kept in its session."""

    state: str
    nonce: str
    verifier: str
    onward: str

    def kept(self) -> dict[str, str]:
        return asdict(self)


def begin(*, language: str, onward: str) -> tuple[str, Journey]:
    """The address to send the browser to, and what to remember."""
    journey = Journey(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        onward=onward,
    )
    asked = {
        "response_type": "code",
        "client_id": settings.IDENTITY_CLIENT_ID,
        "redirect_uri": callback_url(),
        "scope": "openid identity",
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": _challenge(journey.verifier),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    return f"{settings.IDENTITY_ISSUER}/authorize?{urlencode(asked)}", journey


def fetch_token(*, code: str, journey: Journey) -> str:
    """The id_token for a code: encrypted to a key that this process doesn't have. Raises `UnableToReachProvider`."""
    forbid_in_transaction()
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback_url(),
        "code_verifier": journey.verifier,
    }
    client = (settings.IDENTITY_CLIENT_ID, settings.IDENTITY_CLIENT_SECRET)  # type: ignore[misc]  # the public face's
    try:
        answer = httpx.post(f"{settings.IDENTITY_ISSUER}/token", data=asked, auth=client, timeout=TIMEOUT)
        answer.raise_for_status()
        token = answer.json().get("id_token")
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        raise UnableToReachProvider(type(error).__name__) from error
    if not isinstance(token, str) or token.count(".") != 4:
        raise UnableToReachProvider("no encrypted id_token")
    return token


def provider_keys() -> dict[str, Any]:
    """The provider's signing keys (JWKS). Raises `UnableToReachProvider`."""
    forbid_in_transaction()
    try:
        answer = httpx.get(f"{settings.IDENTITY_ISSUER}/jwks", timeout=TIMEOUT)
        answer.raise_for_status()
        keys = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise UnableToReachProvider(type(error).__name__) from error
    if not isinstance(keys, dict) or not isinstance(keys.get("keys"), list):
        raise UnableToReachProvider("no keys")
    return keys


def callback_url() -> str:
    return f"{settings.PUBLIC_URL}{reverse('accounts:identity_callback')}"


def _challenge(verifier: str) -> str:
    """PKCE (RFC 7636, 4.2).

    >>> _challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
