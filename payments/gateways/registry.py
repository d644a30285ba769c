"""Which gateway serves a channel: rows that an administrator changes, read at each payment; credentials come from
the process's settings, so that a face has only those it needs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.conf import settings

from payments.gateways.base import Capability, Gateway, NotCapable
from payments.gateways.sandbox_acquirer import SandboxAcquirer
from payments.models import GatewayChannel

ADAPTERS: Final = {SandboxAcquirer.name: SandboxAcquirer}
NEEDED: Final = {
    "card": frozenset({Capability.HOSTED_PAGE, Capability.CONFIRM, Capability.INQUIRE}),
    "virtual_account": frozenset({Capability.ISSUE_ACCOUNT, Capability.INQUIRE}),
}


class UnknownGateway(LookupError):
    """No adapter of that name, or no settings for it in this process."""


def gateway(name: str) -> Gateway:
    """The adapter of that name with this process's credentials."""
    options = settings.GATEWAYS.get(name)
    if name not in ADAPTERS or options is None:
        raise UnknownGateway(name)
    return _built(name, tuple(sorted(options.items())))


def gateway_for(channel: str) -> Gateway:
    """The adapter that serves a channel now."""
    row = GatewayChannel.objects.filter(channel=channel).first()
    chosen = gateway(row.gateway if row else settings.DEFAULT_GATEWAY)
    if not NEEDED[channel] <= chosen.capabilities:
        raise NotCapable(f"{chosen.name} does not do {channel}")
    return chosen


def is_open(channel: str) -> bool:
    """Whether an administrator lets people pay over this channel."""
    return not GatewayChannel.objects.filter(channel=channel, enabled=False).exists()


def close_connections() -> None:
    """Let go of every connection (tests, the end of a process)."""
    for adapter in _made:
        adapter.close()
    _made.clear()
    _built.cache_clear()


_made: list[SandboxAcquirer] = []


@lru_cache(maxsize=20)
def _built(name: str, options: tuple[tuple[str, Any], ...]) -> Gateway:
    adapter = ADAPTERS[name](**dict(options))
    _made.append(adapter)
    return adapter
