"""References that people read aloud and machines key on."""

from __future__ import annotations

import secrets
from typing import Final

# Crockford's base 32: no I, L, O or U, so that a reference can be read over the telephone.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str, *, length: int = 16) -> str:
    """A random reference such as `PAY-7Q0V3M1T9XK2B8CD`; 16 characters are 80 bits."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(length))}"
