from __future__ import annotations

from datetime import datetime
from typing import Protocol


class UnableToSign(Exception):
    """The signer isn't set up or refused. The document waits; it is asked for again."""


class Signer(Protocol):
    """
    Whoever holds the city's signing key: a file (development), or a hardware module (docs/signing.md).

    The key itself never passes through here, so a module that doesn't give it out fits.
    """

    def sign(self, *, pdf: bytes, reason: str, at: datetime) -> bytes:
        """The same pages with a certification signature that allows no change (PAdES B-B, DocMDP level 1)."""
        ...
