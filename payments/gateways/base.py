"""What a gateway can do for us, and what it may answer. Adapters translate; nothing else knows a gateway's words.

Amounts are `int` minor units of the city's currency. An answer is one of four: the gateway said yes (`Succeeded`), it
said no (`Declined`), it has not decided (`Pending`), or nobody knows (`Unknown`): a time-out, a broken connection and
an error of its server say nothing about what happened, and are never taken for a failure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from payments.gateways.mandate import DebitRefusal, GatewayMandate, MandateWish

T = TypeVar("T")


class Capability(StrEnum):
    """What an adapter declares it can do; a call of anything else raises `NotCapable`."""

    # Authorise: the payer agrees on the gateway's page, by one of the methods, and we confirm.
    HOSTED_PAGE = "hosted_page"
    CARD = "card"
    WALLET = "wallet"
    CARRIER = "carrier"
    # The payer types the card on the keys of a telephone, in the gateway's own call, and we confirm.
    PHONE_ENTRY = "phone_entry"
    CONFIRM = "confirm"
    # Where confirming only reserves the money; without it, confirming takes it.
    CAPTURE = "capture"
    CANCEL = "cancel"
    PARTIAL_CANCEL = "partial_cancel"
    ISSUE_ACCOUNT = "issue_account"
    CLOSE_ACCOUNT = "close_account"
    ISSUE_CODE = "issue_code"
    INQUIRE = "inquire"
    SETTLEMENTS = "settlements"
    # Tells of a cardholder's objection, and takes the answer to it.
    REPRESENT = "represent"
    # The holder of a bank account allows it to be debited, on a page of the bank's; and the debits.
    MANDATE = "mandate"
    DEBIT = "debit"
    # Says whose a bank account is.
    ACCOUNT_HOLDER = "account_holder"


class Method(StrEnum):
    """What the payer pays with on the hosted page; each is a capability of the same name."""

    CARD = "card"
    WALLET = "wallet"
    CARRIER = "carrier"


class NotCapable(Exception):
    """An adapter was asked for something that it does not declare: a mistake in the program or its configuration."""


class RefusedNotification(Exception):
    """A message that does not prove where it comes from, or is too old to be taken."""


class UnreadableNotification(Exception):
    """A message that proves its origin and yet makes no sense."""


@dataclass(frozen=True)
class Succeeded(Generic[T]):
    """The gateway did it; `value` is what it says is so."""

    value: T


@dataclass(frozen=True)
class Declined:
    """The gateway refused for good; `code` is its own word, for the office and never for a decision of ours."""

    code: str
    not_found: bool = False


@dataclass(frozen=True)
class Pending:
    """The gateway is still at it: ask again."""


@dataclass(frozen=True)
class Unknown:
    """Nobody knows what happened: ask. `unsent`: we never reached the gateway, so nothing can have happened there."""

    reason: str
    unsent: bool = False


Outcome = Succeeded[T] | Declined | Pending | Unknown


class Stage(StrEnum):
    """Where a payment stands at the gateway."""

    WAITING = "waiting"  # for the payer, or for a deposit
    AUTHENTICATED = "authenticated"  # the payer agreed; nothing is taken before we confirm
    RESERVED = "reserved"  # confirmed, and taken only when we capture
    PROCESSING = "processing"  # a bank has not decided about a debit yet
    DONE = "done"
    ABORTED = "aborted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class MovementKind(StrEnum):
    """A movement of money: it comes, or it is taken back."""

    APPROVAL = "approval"
    DEPOSIT = "deposit"
    REPRESENTMENT = "representment"  # the objection of a cardholder was rejected: its money comes back
    CANCEL = "cancel"
    DEPOSIT_RETURN = "deposit_return"
    CHARGEBACK = "chargeback"  # the cardholder objected at the card company
    REVERSAL = "reversal"  # a bank undoes what its machine took
    BOUNCE = "bounce"  # a cheque was not honoured

    @property
    def money_came(self) -> bool:
        return self in {MovementKind.APPROVAL, MovementKind.DEPOSIT, MovementKind.REPRESENTMENT}


@dataclass(frozen=True)
class Movement:
    """One movement by its own id at the gateway; `at` is its moment there, which is the moment of payment.

    `of`: the movement that it undoes, where the gateway names it.
    """

    id: str
    kind: MovementKind
    amount: int
    at: datetime
    of: str = ""


@dataclass(frozen=True)
class Order:
    """What the payer shall pay. `reference` is ours and names one payment for ever."""

    reference: str
    amount: int
    title: str
    language: str
    method: Method = Method.CARD


@dataclass(frozen=True)
class HostedPage:
    """Where the payer types the card or opens the wallet: at the gateway, never here."""

    gateway_key: str
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class PhoneEntry:
    """The gateway's telephone system has the payer (버튼식 ARS); until then the payer may type and agree."""

    gateway_key: str
    expires_at: datetime


@dataclass(frozen=True)
class IssuedAccount:
    """A virtual account (가상계좌) that belongs to one order. `secret` proves what its gateway tells of it later."""

    gateway_key: str
    bank: str
    number: str
    expires_at: datetime
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class IssuedCode:
    """A number that the payer shows at the till of a convenience store (편의점 수납번호); it belongs to one order."""

    gateway_key: str
    number: str
    expires_at: datetime


@dataclass(frozen=True)
class GatewayPayment:
    """What the gateway says about one order when asked.

    `page_url`, `account` and `code` help where a first answer was lost.

    `complete`: money that we know of and that is not among `movements` was taken back, though nothing says so.
    """

    reference: str
    gateway_key: str
    stage: Stage
    amount: int
    currency: str
    movements: tuple[Movement, ...]
    expires_at: datetime | None = None
    failure: str = ""
    page_url: str = ""
    account: IssuedAccount | None = None
    code: IssuedCode | None = None
    complete: bool = False


class ObjectionState(StrEnum):
    """Where the objection of a cardholder (이의제기) stands at the card company."""

    OPEN = "open"
    REPRESENTED = "represented"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class Objection:
    """A cardholder objects; `movement_id` is the movement that took the money. Answers count until `respond_by`."""

    movement_id: str
    reference: str
    amount: int
    reason: str
    respond_by: datetime
    state: ObjectionState


@dataclass(frozen=True)
class EvidenceFile:
    """What proves that the cardholder owed it; `kind` is `pdf` or `png`."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Notification:
    """What a message claims. A hint: where it does not fit our own record, the gateway is asked.

    One that is not signed names no movement; `secret` is then to be that of the order's account. One of a `mandate`
    names that by `reference`, and always makes us ask.
    """

    reference: str
    currency: str
    movement: Movement | None
    objection: Objection | None = None
    secret: str = field(default="", repr=False)
    mandate: bool = False


@dataclass(frozen=True)
class ReturnAccount:
    """Where a deposit is to be paid back."""

    bank: str
    number: str
    holder: str


@dataclass(frozen=True)
class SettlementLine:
    """One movement as the gateway pays it out; signed: money out is negative."""

    movement_id: str
    reference: str
    amount: int
    fee: int
    fee_tax: int
    paid_out: int
    sold_on: date
    paid_out_on: date


class Gateway(Protocol):
    """An adapter. Every method that waits for the gateway refuses to run inside a transaction."""

    name: str
    capabilities: frozenset[Capability]
    banks: Mapping[str, str]
    most_by_code: int  # minor units that the till of a store takes at once
    # What the gateway's own words for a refused debit mean; a word that is not there means `OTHER`.
    refusals: Mapping[str, DebitRefusal]

    def open_page(self, *, order: Order, success_url: str, fail_url: str) -> Outcome[HostedPage]: ...

    def open_phone_entry(self, *, order: Order, telephone: str) -> Outcome[PhoneEntry]:
        """Have the gateway take the call over, or call `telephone` (digits), and ask there for card and consent."""

    def confirm(self, *, reference: str, gateway_key: str, amount: int) -> Outcome[GatewayPayment]: ...

    def capture(self, *, reference: str, gateway_key: str, amount: int) -> Outcome[GatewayPayment]:
        """Take what was reserved. The approval's moment stays the moment of payment (Collection Act, article 23)."""

    def issue_account(
        self, *, order: Order, bank: str, holder: str, expires_at: datetime
    ) -> Outcome[IssuedAccount]: ...

    def close_account(self, *, gateway_key: str) -> Outcome[GatewayPayment]: ...

    def issue_code(self, *, order: Order, expires_at: datetime) -> Outcome[IssuedCode]: ...

    def cancel(
        self,
        *,
        gateway_key: str,
        reason: str,
        amount: int | None,
        believed: int,
        key: str,
        to: ReturnAccount | None = None,
    ) -> Outcome[GatewayPayment]:
        """Give back `amount`, or everything; `believed` is what we think is left, so that two at once pay once."""

    def inquire(self, *, reference: str) -> Outcome[GatewayPayment]: ...

    def settlements(self, *, start: date, end: date, page: int) -> Outcome[Sequence[SettlementLine]]: ...

    def objection(self, *, movement_id: str) -> Outcome[Objection]:
        """What the card company says of the objection that took money by this movement."""

    def represent(
        self, *, movement_id: str, statement: str, evidence: Sequence[EvidenceFile], key: str
    ) -> Outcome[Objection]:
        """Answer an objection (이의제기에 대한 소명), once."""

    def open_mandate(self, *, wish: MandateWish, success_url: str, fail_url: str) -> Outcome[HostedPage]:
        """Where the holder of an account agrees to be debited (자동이체 신청)."""

    def confirm_mandate(self, *, reference: str, gateway_key: str) -> Outcome[GatewayMandate]:
        """Say yes to what the holder agreed to; said again it changes nothing."""

    def revoke_mandate(self, *, gateway_key: str) -> Outcome[GatewayMandate]:
        """End it (자동이체 해지); said again it changes nothing."""

    def mandate(self, *, reference: str) -> Outcome[GatewayMandate]:
        """What became of a mandate."""

    def debit(self, *, mandate_key: str, order: Order) -> Outcome[GatewayPayment]:
        """Take the whole amount out of the mandate's account, or nothing. An order's reference debits once for ever,
        so a lost answer may be asked for by `inquire` and, where the order is not known, by saying it again."""

    def holder(self, *, bank: str, number: str) -> Outcome[str]:
        """Whose the account is, by the name that its bank keeps (예금주 조회). `Declined` and not found: nobody's."""

    def read_notification(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Notification:
        """Prove the origin of a message and read it.

        Raises `RefusedNotification` or `UnreadableNotification`. Header names are in lower case.
        """
