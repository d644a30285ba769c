from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.functions import rows


@dataclass(frozen=True)
class OpenSession:
    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str
    current: bool


@dataclass(frozen=True)
class ProofStatus:
    """How far the worker is: `asked`, `accepted` or `refused` (with a reason's short name)."""

    status: str
    refusal: str


def my_sessions() -> list[OpenSession]:
    """Where the signed-in person is signed in, latest first."""
    return [OpenSession(**row) for row in rows("accounts_my_sessions")]


def identity_status() -> ProofStatus | None:
    return next((ProofStatus(**row) for row in rows("accounts_identity_status")), None)


def claim_status() -> ProofStatus | None:
    return next((ProofStatus(**row) for row in rows("accounts_claim_status")), None)
