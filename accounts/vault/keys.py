"""The vault's keys, from the worker's settings. Another face that asks is a mistake in the program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings


class VaultIsClosed(RuntimeError):
    """This process has no business with the vault's keys."""


@dataclass(frozen=True)
class VaultKeys:
    """`wrapping` keys by id; new records take `current`."""

    wrapping: dict[str, bytes]
    current: str
    blind_index: bytes
    private: X25519PrivateKey


def vault_keys() -> VaultKeys:
    """The keys; raises `VaultIsClosed` outside the worker."""
    if settings.FACE != "worker":
        raise VaultIsClosed(f"the {settings.FACE} face does not open the vault")
    return _parsed(settings.VAULT_KEYS, settings.BLIND_INDEX_KEY, settings.VAULT_PRIVATE_KEY)


def parse_wrapping_keys(text: str) -> dict[str, bytes]:
    """`id:hex,id:hex`, each key of 32 bytes; the first is the current one.

    >>> list(parse_wrapping_keys("2026:" + "ab" * 32 + ",2025:" + "cd" * 32))
    ['2026', '2025']
    """
    keys: dict[str, bytes] = {}
    for item in text.split(","):
        name, _, value = item.strip().partition(":")
        key = bytes.fromhex(value)
        if not name or len(name) > 40 or len(key) != 32 or name in keys:
            raise ValueError("must be id:hex,id:hex with 64 hexadecimal digits each")
        keys[name] = key
    return keys


@cache
def _parsed(wrapping: str, blind_index: str, private: str) -> VaultKeys:
    keys = parse_wrapping_keys(wrapping)
    return VaultKeys(
        wrapping=keys,
        current=next(iter(keys)),
        blind_index=bytes.fromhex(blind_index),
        private=X25519PrivateKey.from_private_bytes(bytes.fromhex(private)[:32]),
    )
