"""The adapters by name, with the credentials of the process's settings, so that a face has only those it needs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.conf import settings

from payments.gateways.bank_pool import BankPool
from payments.gateways.base import Gateway
from payments.gateways.mileage import OwnPoints
from payments.gateways.sandbox_acquirer import SandboxAcquirer
from payments.gateways.toss import Toss

Adapter = SandboxAcquirer | Toss | BankPool | OwnPoints
ADAPTERS: Final[dict[str, type[Adapter]]] = {one.name: one for one in (SandboxAcquirer, Toss, BankPool, OwnPoints)}
# What no settings need to say: points are in the same database.
BUILT_IN: Final = {OwnPoints.name: {"adapter": OwnPoints.name}}


class UnknownGateway(LookupError):
    """No adapter of that name, or no settings for it in this process."""


def gateway(name: str) -> Gateway:
    """The adapter of that name. Two contracts with one acquirer are two names with the same option `adapter`."""
    options = dict(settings.GATEWAYS.get(name) or BUILT_IN.get(name) or {})
    if not options or options.get("adapter", name) not in ADAPTERS:
        raise UnknownGateway(name)
    return _built(name, options.pop("adapter", name), tuple(sorted(options.items())))


def close_connections() -> None:
    """Let go of every connection (tests, the end of a process)."""
    for adapter in _made:
        adapter.close()
    _made.clear()
    _built.cache_clear()


_made: list[Adapter] = []


@lru_cache(maxsize=20)
def _built(name: str, adapter: str, options: tuple[tuple[str, Any], ...]) -> Gateway:
    made = ADAPTERS[adapter](**dict(options))
    made.name = name
    _made.append(made)
    return made
