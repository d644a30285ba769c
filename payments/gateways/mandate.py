"""What a gateway says about leave to debit an account (자동이체 동의), and about a debit that it refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MandateStage(StrEnum):
    """Where a mandate (자동이체 동의) stands at the gateway."""

    WAITING = "waiting"  # for the holder of the account
    AGREED = "agreed"  # the holder agreed; nothing may be debited before we confirm
    ACTIVE = "active"
    REFUSED = "refused"  # by the holder or the bank, or not agreed on in time
    ENDED = "ended"


class DebitRefusal(StrEnum):
    """Why a bank refused a debit, as far as its payer can do something about it."""

    FUNDS = "funds"  # 잔액 부족
    ACCOUNT = "account"  # the account is closed or blocked
    MANDATE = "mandate"  # the mandate is not, or no longer, in force
    OTHER = "other"


@dataclass(frozen=True)
class MandateWish:
    """The mandate that somebody wants to give. `reference` is ours and names one mandate for ever."""

    reference: str
    bank: str
    purpose: str
    language: str


@dataclass(frozen=True)
class GatewayMandate:
    """What the gateway says about a mandate. `account` is masked by the gateway; we never see the number.

    `since` and `ended_at` are the gateway's moments of its coming into force and of its end.
    """

    reference: str
    gateway_key: str
    stage: MandateStage
    bank: str
    account: str = ""
    page_url: str = ""
    expires_at: datetime | None = None
    since: datetime | None = None
    ended_at: datetime | None = None
    failure: str = ""
