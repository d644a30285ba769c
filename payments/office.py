"""Reads for the office's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from payments.gateways import routing
from payments.models import Attempt, GatewayChannel, GatewayHealth, InboxMessage
from payments.states import LIVE, SHOWN, Channel, Status, Verdict

MOST_FOUND = 50


@dataclass(frozen=True)
class FoundPayment:
    """Money that came, as the history of an attempt lists it; `kept`: what was not taken back of it."""

    id: int
    movement_id: str
    amount: int
    applied: int
    excess: int
    approved_at: datetime
    kept: int
    by_card: bool


@dataclass(frozen=True)
class FoundAttempt:
    """An attempt with what an officer on the telephone needs."""

    reference: str
    channel: str
    gateway: str
    amount: int
    status: str
    shown: str
    failure: str
    created_at: datetime
    expires_at: datetime
    ask_at: datetime | None
    live: bool
    forced: bool
    payments: tuple[FoundPayment, ...]


@dataclass(frozen=True)
class Route:
    """A way to pay with its gateways in their order; `serving` are those at which a payment can begin now."""

    channel: Channel
    gateways: tuple[str, ...]
    is_open: bool
    serving: tuple[str, ...]


@dataclass(frozen=True)
class GatewayState:
    """How a gateway answers: failures in a row, and until when it rests."""

    name: str
    failures: int
    rests_until: datetime | None


def routes(*, at: datetime) -> list[Route]:
    """Every way to pay over a gateway, as the next payment finds it."""
    rows: dict[str, list[tuple[str, bool]]] = {}
    for channel, name, enabled in GatewayChannel.objects.order_by("channel", "position").values_list(
        "channel", "gateway", "enabled"
    ):
        rows.setdefault(channel, []).append((name, enabled))
    serving = routing.open_channels(at=at)
    found = []
    for channel in routing.NEEDED:
        written = rows.get(channel, [(settings.DEFAULT_GATEWAY, True)])
        names = tuple(name for name, _ in written)
        able = tuple(one.name for one in serving.get(channel, []))
        found.append(Route(channel, names, any(enabled for _, enabled in written), able))
    return found


def gateways(*, at: datetime) -> list[GatewayState]:
    """Every gateway that is configured, and how it answers."""
    known = {health.gateway: health for health in GatewayHealth.objects.all()}
    return [
        GatewayState(name, health.failures, health.rests_until if (health.rests_until or at) > at else None)
        if (health := known.get(name))
        else GatewayState(name, 0, None)
        for name in sorted(settings.GATEWAYS)
    ]


def open_messages() -> QuerySet[InboxMessage]:
    """Messages that somebody should know of, without their content."""
    return InboxMessage.objects.exclude(verdict=Verdict.PROCESSED).defer("body", "headers").order_by("-received_at")


def find_attempts(*, text: str) -> list[FoundAttempt]:
    """Attempts by reference, gateway's key, electronic payment number or account number: exact, at most 50."""
    key = text.strip()
    digits = key.replace("-", "").replace(" ", "")
    match = (
        Q(reference=key.upper())
        | Q(gateway_key=key)
        | Q(items__bill__epay_number=digits)
        | Q(virtual_account__number=digits)
        | Q(payments__movement_id=key)
    )
    found = Attempt.objects.filter(match).distinct().prefetch_related("payments__taken_back").order_by("-created_at")
    return [_facts(attempt) for attempt in found[:MOST_FOUND]]


def _facts(attempt: Attempt) -> FoundAttempt:
    status = Status(attempt.status)
    return FoundAttempt(
        reference=attempt.reference,
        channel=attempt.get_channel_display(),
        gateway=attempt.gateway,
        amount=attempt.amount,
        status=str(status.label),
        shown=str(SHOWN[status].label),
        failure=attempt.failure,
        created_at=attempt.created_at,
        expires_at=attempt.expires_at,
        ask_at=attempt.ask_at,
        live=status in LIVE,
        forced=attempt.failure == "forced",
        payments=tuple(
            FoundPayment(
                one.pk,
                one.movement_id,
                one.amount,
                one.applied,
                one.excess,
                one.approved_at,
                one.amount - sum(part.amount for part in one.taken_back.all()),
                one.kind == "approval",
            )
            for one in attempt.payments.all()
        ),
    )
