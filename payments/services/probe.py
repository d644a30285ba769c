"""A gateway that rests is asked, away from any payment, whether it is back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from core.identifiers import new_reference
from payments.gateways import registry, routing
from payments.gateways.base import Unknown
from payments.models import GatewayHealth

log = structlog.get_logger(__name__)
EVERY: Final = timedelta(seconds=15)
REST: Final = timedelta(minutes=2)


def probe_gateways(*, at: datetime) -> int:
    """Ask every gateway whose probe is due about an order that nobody made: any answer ends its rest.

    Several workers share the probes; each counts those that it made. Runs outside any transaction.
    """
    names = _claim(at)
    for name in names:
        try:
            outcome = registry.gateway(name).inquire(reference=new_reference("PRB"))
        except registry.UnknownGateway:
            outcome = Unknown("not configured")
        if not isinstance(outcome, Unknown):
            routing.note(name, outcome)
        log.info("payments.gateway_probed", gateway=name, answered=not isinstance(outcome, Unknown))
    return len(names)


def _claim(at: datetime) -> list[str]:
    with transaction.atomic():
        due = GatewayHealth.objects.filter(probe_at__lte=at).select_for_update(skip_locked=True, no_key=True)
        names = [health.gateway for health in due]
        GatewayHealth.objects.filter(gateway__in=names).update(probe_at=at + EVERY, rests_until=at + REST)
    return names
