"""Sealing to the vault's public key (HPKE, RFC 9180): who seals can't read it again; the worker can."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

from accounts.vault.keys import vault_keys

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
LONGEST: Final = 100


class UnableToOpenSeal(ValueError):
    """What was handed in is not sealed to this vault for this use."""


def seal(*, text: str, use: str) -> bytes:
    """Seal a short text; `use` (such as `claim`) must be named again to open it."""
    if len(text) > LONGEST:
        raise ValueError("too long for a number")
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(settings.VAULT_PUBLIC_KEY))
    padded = text.encode().ljust(LONGEST * 4)  # the length tells nothing either
    return SUITE.encrypt(padded, public, info=_info(use))


def open_seal(*, sealed: bytes, use: str) -> str:
    """What `seal` sealed; the worker only."""
    try:
        return SUITE.decrypt(sealed, vault_keys().private, info=_info(use)).decode().rstrip()
    except (InvalidTag, ValueError) as error:
        raise UnableToOpenSeal(str(error)) from None


def public_key_of(private_hex: str) -> str:
    """The public half, as hexadecimal digits, of the private key with these hexadecimal digits."""
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(private_hex)[:32])
    return private.public_key().public_bytes_raw().hex()


def _info(use: str) -> bytes:
    return f"etax vault {use}".encode()
