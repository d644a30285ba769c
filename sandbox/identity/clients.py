"""Who may ask: clients from a file that is read at start. A wrong entry stops the start."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from sandbox.options import BadOption

SHORTEST_SECRET = 16
SMALLEST_RSA = 2048


@dataclass(frozen=True)
class Client:
    id: str
    secret: str
    name: dict[str, str]
    redirect_uris: tuple[str, ...]
    key: RSAKey | ECKey
    key_id: str
    key_alg: str
    resident_number: bool

    def is_secret(self, given: str) -> bool:
        return hmac.compare_digest(self.secret.encode(), given.encode())


def read(path: Path) -> dict[str, Client]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["clients"]
        if not isinstance(entries, list) or not entries:
            raise BadOption(f"--clients: no client in {path}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadOption(f"--clients: cannot read {path}: {error}") from error
    clients = [_client(entry, number, path.parent) for number, entry in enumerate(entries)]
    return {client.id: client for client in clients}


def _client(entry: Any, number: int, beside: Path) -> Client:
    where = f"--clients: entry {number}"
    if not isinstance(entry, dict):
        raise BadOption(f"{where}: not an object")
    client_id, secret, uris = entry.get("client_id"), entry.get("client_secret"), entry.get("redirect_uris")
    name = entry.get("client_name")
    if not isinstance(client_id, str) or not 1 <= len(client_id) <= 200:
        raise BadOption(f"{where}: client_id")
    if not isinstance(secret, str) or len(secret) < SHORTEST_SECRET:
        raise BadOption(f"{where}: client_secret has at least {SHORTEST_SECRET} characters")
    if not isinstance(name, dict) or not all(isinstance(name.get(language), str) for language in ("ko", "en")):
        raise BadOption(f"{where}: client_name needs ko and en")
    if not isinstance(uris, list) or not uris or not all(_is_address(uri) for uri in uris):
        raise BadOption(f"{where}: redirect_uris are absolute http(s) addresses without fragment")
    key, facts = _key(entry, where, beside)
    return Client(
        id=client_id,
        secret=secret,
        name={language: name[language] for language in ("ko", "en")},
        redirect_uris=tuple(uris),
        key=key,
        key_id=str(facts.get("kid", "")),
        key_alg=facts["alg"],
        resident_number=entry.get("resident_number") is True,
    )


def _key(entry: dict[str, Any], where: str, beside: Path) -> tuple[RSAKey | ECKey, dict[str, Any]]:
    """The first public key for encryption."""
    try:
        jwks = json.loads((beside / entry["jwks_file"]).read_text()) if "jwks_file" in entry else entry["jwks"]
        facts = next(key for key in jwks["keys"] if key.get("use") == "enc")
        key = JWKRegistry.import_key(facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, JoseError) as error:
        raise BadOption(f"{where}: jwks needs a key with use: enc ({error!r})") from error
    if not isinstance(key, RSAKey | ECKey) or key.is_private:
        raise BadOption(f"{where}: jwks must hold a public RSA or EC key, and no private one")
    if isinstance(key, RSAKey):
        good = facts.get("alg") == "RSA-OAEP-256" and key.raw_value.key_size >= SMALLEST_RSA
    else:
        good = facts.get("alg") == "ECDH-ES" and facts.get("crv") == "P-256"
    if not good:
        raise BadOption(f"{where}: alg RSA-OAEP-256 (2048 bits or more) or ECDH-ES (P-256)")
    return key, facts


def _is_address(uri: Any) -> bool:
    if not isinstance(uri, str) or not uri.isascii() or any(mark in uri for mark in " ;,'\"<>\\"):
        return False
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment
