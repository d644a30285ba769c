"""Which gateways serve a channel now: an administrator's rows, read at each payment, less those that do not answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection

from payments.gateways import registry
from payments.gateways.base import Capability, Gateway, Outcome, Unknown
from payments.models import GatewayChannel, GatewayHealth
from payments.states import Channel

ON_A_PAGE: Final = frozenset({Capability.HOSTED_PAGE, Capability.CONFIRM, Capability.INQUIRE})
# What a gateway must declare to serve a channel. A channel that stands here is offered where a gateway serves it.
NEEDED: Final[Mapping[Channel, frozenset[Capability]]] = {
    Channel.CARD: ON_A_PAGE | {Capability.CARD},
    Channel.VIRTUAL_ACCOUNT: frozenset({Capability.ISSUE_ACCOUNT, Capability.INQUIRE}),
    Channel.CONVENIENCE_STORE: frozenset({Capability.ISSUE_CODE, Capability.INQUIRE}),
    Channel.WALLET: ON_A_PAGE | {Capability.WALLET},
    Channel.CARRIER: ON_A_PAGE | {Capability.CARRIER},
    Channel.ARS: frozenset({Capability.PHONE_ENTRY, Capability.CONFIRM, Capability.INQUIRE}),
    Channel.AUTOMATIC_DEBIT: frozenset({Capability.MANDATE, Capability.DEBIT, Capability.INQUIRE}),
}


def open_channels(*, at: datetime) -> dict[Channel, list[Gateway]]:
    """Each channel over which a payment can begin, with its gateways in their order."""
    resting = set(GatewayHealth.objects.filter(rests_until__gt=at).values_list("gateway", flat=True))
    found = {channel: [one for one in gateways if one.name not in resting] for channel, gateways in _routed().items()}
    return {channel: gateways for channel, gateways in found.items() if gateways}


def serving(*, channel: Channel, at: datetime) -> list[Gateway]:
    """The gateways that serve a channel now, the first choice first; none: it is closed."""
    return open_channels(at=at).get(channel, [])


def capable(channel: Channel) -> list[str]:
    """The names of this process's gateways that could serve a channel."""
    return sorted(name for name in settings.GATEWAYS if NEEDED[channel] <= registry.gateway(name).capabilities)


def note(gateway: str, outcome: Outcome[Any]) -> None:
    """Remember for all processes whether a gateway answered. What it answered does not matter here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_note_gateway(%s, %s)", [gateway, not isinstance(outcome, Unknown)])


def _routed() -> dict[Channel, list[Gateway]]:
    rows: dict[str, list[str]] = {}
    for channel, name, enabled in GatewayChannel.objects.order_by("position").values_list(
        "channel", "gateway", "enabled"
    ):
        rows.setdefault(channel, []).extend([name] if enabled else [])
    return {
        channel: [one for name in rows.get(channel, [settings.DEFAULT_GATEWAY]) if (one := _able(name, needed))]
        for channel, needed in NEEDED.items()
    }


def _able(name: str, needed: frozenset[Capability]) -> Gateway | None:
    """None where this process does not know the gateway, or it does not do what the channel needs."""
    try:
        gateway = registry.gateway(name)
    except registry.UnknownGateway:
        return None
    return gateway if needed <= gateway.capabilities else None
