"""Reading an id_token: a signed token inside an encrypted one. Worker only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.conf import settings
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

ENCRYPTION: Final = ["RSA-OAEP-256", "A256GCM"]
SKEW: Final = timedelta(seconds=60)


class TokenNotGood(ValueError):
    """The token is not for us, not from the provider, too old, or not an answer to what was asked."""


@dataclass(frozen=True)
class Identity:
    """Who the provider vouches for."""

    name: str
    resident_number: str


def inner_token(token: str) -> str:
    """The signed token inside. Raises `TokenNotGood`."""
    try:
        opened = jwe.decrypt_compact(token, _private_key(settings.IDENTITY_PRIVATE_KEY), algorithms=ENCRYPTION)
        return (opened.plaintext or b"").decode()
    except (JoseError, ValueError) as error:
        raise TokenNotGood(f"not encrypted to us: {type(error).__name__}") from None


def read_identity(signed: str, *, keys: Mapping[str, Any], nonce: str, at: datetime) -> Identity:
    """Check signature, issuer, audience, times and nonce; then who it is. Raises `TokenNotGood`."""
    try:
        found = jws.deserialize_compact(signed, KeySet.import_key_set(keys), algorithms=["RS256"])  # type: ignore[arg-type]
        claims = json.loads(found.payload)
    except (JoseError, ValueError) as error:
        raise TokenNotGood(f"bad signature: {type(error).__name__}") from None
    if not isinstance(claims, dict):
        raise TokenNotGood("no claims")
    _check(claims, nonce, at)
    verified = claims.get("verified_claims")
    person = verified.get("claims") if isinstance(verified, dict) else None
    if not isinstance(person, dict) or not all(isinstance(person.get(key), str) for key in ("name", "resident_number")):
        raise TokenNotGood("no verified identity")
    return Identity(name=person["name"][:100], resident_number=person["resident_number"])


def _check(claims: dict[str, Any], nonce: str, at: datetime) -> None:
    expected = {"iss": settings.IDENTITY_ISSUER, "aud": settings.IDENTITY_CLIENT_ID, "nonce": nonce}
    for name, value in expected.items():
        if claims.get(name) != value:
            raise TokenNotGood(f"wrong {name}")
    begins, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(begins, int) or not isinstance(ends, int):
        raise TokenNotGood("no times")
    if not (at + SKEW).timestamp() >= begins or (at - SKEW).timestamp() >= ends:
        raise TokenNotGood("too old")


@cache
def _private_key(pem: str) -> RSAKey:
    return RSAKey.import_key(pem)
