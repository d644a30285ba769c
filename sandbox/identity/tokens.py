"""id_tokens: signed, then encrypted to the client's registered key."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeyParameters, RSAKey

from sandbox.clock import iso
from sandbox.faults import Faults
from sandbox.identity.clients import Client
from sandbox.identity.people import Person
from sandbox.identity.requests import TRUST_FRAMEWORK

BITS = 3072
LIFETIME = 300
TOKEN_FAULTS = (
    "wrong_nonce",
    "wrong_audience",
    "wrong_issuer",
    "expired",
    "bad_signature",
    "unknown_key",
    "wrong_encryption_key",
)


@dataclass(frozen=True)
class Keys:
    """Two keys are published, one of them signs: a reader has to choose by `kid`. `salt` makes subjects pairwise."""

    idle: RSAKey
    signing: RSAKey
    salt: str

    def public(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in (self.idle, self.signing)]}


def load_keys(path: Path) -> Keys:
    if not path.exists():
        made = [RSAKey.generate_key(BITS, _facts()).as_dict(private=True) for _ in range(2)]
        path.touch(mode=0o600)
        path.write_text(json.dumps({"keys": made, "salt": secrets.token_hex(16)}))
    kept = json.loads(path.read_text())
    idle, signing = (RSAKey.import_key(key) for key in kept["keys"])
    return Keys(idle=idle, signing=signing, salt=kept["salt"])


def subject(*, salt: str, client_id: str, person_id: str) -> str:
    digest = hashlib.sha256(json.dumps([salt, client_id, person_id]).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def claims_of(
    *, issuer: str, sub: str, client: Client, person: Person, names: list[str], nonce: str, auth_time: int, now: int
) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": sub,
        "aud": client.id,
        "exp": now + LIFETIME,
        "iat": now,
        "auth_time": auth_time,
        "nonce": nonce,
        "acr": TRUST_FRAMEWORK,
        "amr": ["swk"],
    }
    if names:
        claims["verified_claims"] = {
            "verification": {"trust_framework": TRUST_FRAMEWORK, "time": iso(auth_time)},
            "claims": {name: getattr(person, name) for name in names},
        }
    return claims


def seal(*, claims: dict[str, Any], keys: Keys, client: Client, faults: Faults) -> str:
    """The nested token; faults on demand spoil it in one way each."""
    claims = dict(claims)
    for kind, name, value in (
        ("wrong_nonce", "nonce", "not-the-nonce"),
        ("wrong_audience", "aud", "somebody-else"),
        ("wrong_issuer", "iss", "https://issuer.example.com"),
        ("expired", "exp", claims["iat"] - LIFETIME),
    ):
        if faults.take(kind):
            claims[name] = value
    key = RSAKey.generate_key(2048, _facts()) if faults.take("unknown_key") else keys.signing
    signed = jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key)
    if faults.take("bad_signature"):
        signed = _spoiled(signed)
    reader: RSAKey | ECKey = client.key
    if faults.take("wrong_encryption_key"):
        reader = RSAKey.generate_key(2048) if isinstance(client.key, RSAKey) else ECKey.generate_key("P-256")
    protected = {"alg": client.key_alg, "enc": "A256GCM", "cty": "JWT", "kid": client.key_id}
    return jwe.encrypt_compact(protected, signed, reader, algorithms=[client.key_alg, "A256GCM"])


def _spoiled(token: str) -> str:
    """The same token with another signature."""
    head, body, _ = token.split(".")
    return f"{head}.{body}.{base64.urlsafe_b64encode(secrets.token_bytes(BITS // 8)).decode().rstrip('=')}"


def _facts() -> KeyParameters:
    return {"kid": secrets.token_hex(8), "use": "sig", "alg": "RS256"}
