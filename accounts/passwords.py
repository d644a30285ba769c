"""Argon2id as a face computes it: with the salt the database names, so that the stored hash never leaves it."""

from __future__ import annotations

import base64
from typing import Final

from argon2.low_level import Type, hash_secret
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher, make_password

# A password is at most this long; longer ones would only keep the processor busy.
LONGEST: Final = 128
# A stored hash that asks for more than this (KiB, rounds, lanes) was not made here: it is there to keep us busy.
MOST_MEMORY: Final = 262_144
MOST_ROUNDS: Final = 10
MOST_LANES: Final = 16


class UnknownPasswordParameters(ValueError):
    """The database named an algorithm that this program does not have."""


def fallback_parameters() -> str:
    """What parameters a password set today would have, without the salt: `argon2$argon2id$v=19$m=…,t=…,p=…`."""
    hasher = get_hasher()
    assert isinstance(hasher, Argon2PasswordHasher)  # noqa: S101 (PASSWORD_HASHERS says so)
    return f"argon2$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"


def proof_of(password: str, parameters: str) -> str:
    """The encoded hash of `password` under `parameters` (`argon2$argon2id$v=19$m=…,t=…,p=…$salt`)."""
    try:
        algorithm, variety, version, costs, salt = parameters.split("$")
        memory, time, lanes = (int(part.split("=")[1]) for part in costs.split(","))
    except (ValueError, IndexError) as error:
        raise UnknownPasswordParameters(parameters.partition("$")[0]) from error
    if (algorithm, variety, version) != ("argon2", "argon2id", "v=19"):
        raise UnknownPasswordParameters(algorithm)
    if memory > MOST_MEMORY or time > MOST_ROUNDS or lanes > MOST_LANES:
        raise UnknownPasswordParameters(costs)
    encoded = hash_secret(
        password[:LONGEST].encode(),
        base64.b64decode(salt + "=" * (-len(salt) % 4)),
        time_cost=time,
        memory_cost=memory,
        parallelism=lanes,
        hash_len=32,
        type=Type.ID,
    )
    return f"argon2{encoded.decode()}"


def encode(password: str) -> str:
    """A fresh hash to store."""
    return make_password(password[:LONGEST])
