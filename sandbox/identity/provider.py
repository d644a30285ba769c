"""What the provider's endpoints work with."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.identity.clients import Client
from sandbox.identity.people import People
from sandbox.identity.tokens import Keys


@dataclass(frozen=True)
class Provider:
    db: sqlite3.Connection
    issuer: str
    clock: Clock
    faults: Faults
    clients: dict[str, Client]
    people: People
    keys: Keys
