"""The worker's key to which the provider encrypts what it says about a person."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import RSAKey


def new_private_key() -> str:
    """RSA-3072 as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_jwk(pem: str) -> dict[str, Any]:
    """The public half as the provider wants it registered."""
    named = {"use": "enc", "alg": "RSA-OAEP-256", "kid": "1"}
    return {**RSAKey.import_key(pem).as_dict(private=False), **named}
