"""Registrations of clients at the identity provider."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, RSAKey

from tests.sandbox.processes import program

CALLBACK = "http://127.0.0.1:8000/callback"
VERIFIER = "v" * 50
SECRET = "a secret of some length"
READER = RSAKey.generate_key(2048, {"kid": "reader", "use": "enc", "alg": "RSA-OAEP-256"})
CURVED = ECKey.generate_key("P-256", {"kid": "curved", "use": "enc", "alg": "ECDH-ES"})


def registration(client_id: str, key: RSAKey | ECKey, **changes: Any) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "client_secret": SECRET,
        "client_name": {"ko": "서울시 세금", "en": "Seoul taxes"},
        "redirect_uris": [CALLBACK],
        "jwks": {"keys": [key.as_dict(private=False)]},
        **changes,
    }


def question(**changes: str) -> dict[str, str]:
    """A good authorization request."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    return {
        "response_type": "code",
        "client_id": "etax-public",
        "redirect_uri": CALLBACK,
        "scope": "openid identity",
        "state": "the-state",
        "nonce": "the-nonce",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **changes,
    }


@contextlib.contextmanager
def provider_with(store: Path, clients: list[dict[str, Any]]) -> Iterator[str]:
    path = store / "clients.json"
    path.write_text(json.dumps({"clients": clients}))
    with program("identity", "--port", "0", "--store", str(store), "--clients", str(path)) as (address,):
        yield address
