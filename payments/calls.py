"""What an agent of the call centre sees of their own calls, by the office's login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import clock
from payments import selectors
from payments.models import Attempt, Call, PayLink, PhoneCall
from payments.selectors import Payable
from payments.states import CallStatus, LinkSending, Status

MOST_LISTED = 50
# What the agent is told of a payment by keys; nobody is told a key.
KEYS_SHOWN = {
    Status.CREATED: "calling",
    Status.WAITING: "keys",
    Status.CONFIRMING: "checking",
    Status.PAID: "paid",
    Status.DECLINED: "declined",
    Status.EXPIRED: "expired",
    Status.CANCELLED: "stopped",
}


@dataclass(frozen=True)
class ListedCall:
    id: int
    status: str
    label: str
    started_at: datetime


@dataclass(frozen=True)
class SentLink:
    """A link as its agent follows it; only the end of the telephone number is shown."""

    reference: str
    telephone: str
    sending: str
    bills: int
    expires_at: datetime
    opened_at: datetime | None
    withdrawn_at: datetime | None
    over: bool
    uncertain: bool

    @property
    def label(self) -> str:
        return str(LinkSending(self.sending).label)

    @property
    def may_withdraw(self) -> bool:
        return not (self.over or self.opened_at or self.withdrawn_at)


@dataclass(frozen=True)
class ByKeys:
    """A payment by telephone keys as its agent follows it."""

    reference: str
    call_id: int
    telephone: str
    amount: int
    shown: str
    at: datetime

    @property
    def runs(self) -> bool:
        return self.shown in {"calling", "keys", "checking"}


@dataclass(frozen=True)
class CallDesk:
    """A call with all that the agent may do in it; `bills` are those that owe something, once the caller is checked."""

    id: int
    status: str
    label: str
    checked: bool
    checked_until: datetime | None
    bills: tuple[Payable, ...]
    links: tuple[SentLink, ...]
    by_keys: tuple[ByKeys, ...]

    @property
    def open(self) -> bool:
        return self.status == CallStatus.OPEN


def my_calls() -> list[ListedCall]:
    """The newest calls of the signed-in agent."""
    rows = Call.objects.order_by("-started_at")[:MOST_LISTED]
    return [ListedCall(row.pk, row.status, row.get_status_display(), row.started_at) for row in rows]


def desk_of(*, call_id: int, at: datetime) -> CallDesk | None:
    """One call of the signed-in agent; None where it is nobody's or another's."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return None
    checked = call.status == CallStatus.CHECKED and call.checked_until is not None and call.checked_until > at
    links = call.links.order_by("-created_at").prefetch_related("items")
    entries = call.entries.select_related("attempt").order_by("-attempt__created_at")
    return CallDesk(
        id=call.pk,
        status=call.status,
        label=call.get_status_display(),
        checked=checked,
        checked_until=call.checked_until,
        bills=tuple(_unpaid(call, at)) if checked else (),
        links=tuple(_sent(link, at) for link in links),
        by_keys=tuple(_by_keys(entry.attempt, entry) for entry in entries),
    )


def payment_by_keys(*, call_id: int, reference: str) -> ByKeys | None:
    """How a payment by keys stands, for the agent who began it."""
    entry = PhoneCall.objects.select_related("attempt").filter(call_id=call_id, attempt__reference=reference).first()
    return _by_keys(entry.attempt, entry) if entry else None


def _unpaid(call: Call, at: datetime) -> list[Payable]:
    """Bills of the caller that the session is shown, with what they owe today."""
    found = selectors.payable(bill_ids=selectors.shown_bills(), on=clock.local_date(at))
    return [bill for bill in found if bill.taxpayer_id == call.taxpayer_id and bill.in_force and bill.owed]


def _sent(link: PayLink, at: datetime) -> SentLink:
    over = link.expires_at <= at
    return SentLink(
        reference=link.reference,
        telephone=link.telephone_shown,
        sending=link.status,
        bills=len(link.items.all()),
        expires_at=link.expires_at,
        opened_at=link.opened_at,
        withdrawn_at=link.withdrawn_at,
        over=over,
        uncertain=link.status == LinkSending.ASKED and link.asks > 1,
    )


def _by_keys(attempt: Attempt, entry: PhoneCall) -> ByKeys:
    shown = KEYS_SHOWN[Status(attempt.status)]
    if shown == "declined" and attempt.failure == "UNREACHABLE":
        shown = "unreachable"
    return ByKeys(attempt.reference, entry.call_id, entry.telephone_shown, attempt.amount, shown, attempt.created_at)
