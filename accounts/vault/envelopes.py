"""Envelope encryption of one number: AES-256-GCM under a fresh key, which the vault's current key wraps."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.vault.keys import VaultKeys

NONCE = 12


@dataclass(frozen=True)
class Envelope:
    key_id: str
    wrapped_key: bytes
    ciphertext: bytes


def blind_index(keys: VaultKeys, *, kind: str, number: str) -> bytes:
    """Keyed hash by which a number at hand finds its record."""
    return hmac.digest(keys.blind_index, f"{kind}:{number}".encode(), "sha256")


def close(keys: VaultKeys, *, number: str, index: bytes) -> Envelope:
    """Encrypt; both ciphertexts are bound to `index`, so that records can't be swapped."""
    key, nonce = os.urandom(32), os.urandom(NONCE)
    return Envelope(
        key_id=keys.current,
        wrapped_key=_wrap(keys, key=key, index=index),
        ciphertext=nonce + AESGCM(key).encrypt(nonce, number.encode(), index),
    )


def open_envelope(keys: VaultKeys, envelope: Envelope, *, index: bytes) -> str:
    key = _unwrap(keys, envelope, index=index)
    nonce, text = envelope.ciphertext[:NONCE], envelope.ciphertext[NONCE:]
    return AESGCM(key).decrypt(nonce, text, index).decode()


def rewrap(keys: VaultKeys, envelope: Envelope, *, index: bytes) -> Envelope:
    """The same number under the current wrapping key; the number itself is not decrypted."""
    key = _unwrap(keys, envelope, index=index)
    return Envelope(keys.current, _wrap(keys, key=key, index=index), envelope.ciphertext)


def _wrap(keys: VaultKeys, *, key: bytes, index: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(keys.wrapping[keys.current]).encrypt(nonce, key, keys.current.encode() + index)


def _unwrap(keys: VaultKeys, envelope: Envelope, *, index: bytes) -> bytes:
    nonce, wrapped = envelope.wrapped_key[:NONCE], envelope.wrapped_key[NONCE:]
    return AESGCM(keys.wrapping[envelope.key_id]).decrypt(nonce, wrapped, envelope.key_id.encode() + index)
