from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from payments.gateways import routing
from payments.models import GatewayChannel
from payments.states import Channel


class GatewayDoesNotServe(Refusal):
    message = _("One of these gateways does not do what this way to pay needs.")


class RoutesChangedMeanwhile(Refusal):
    message = _("Somebody else changed this at the same moment. Look at it again.")


def route_channel(*, channel: Channel, gateways: Sequence[str], is_open: bool, actor_id: int, at: datetime) -> None:
    """Say which gateways serve a channel, in their order, or close it; in force at the next payment.

    Raises `GatewayDoesNotServe` or `RoutesChangedMeanwhile`.
    """
    if not gateways or len(set(gateways)) != len(gateways) or not set(gateways) <= set(routing.capable(channel)):
        raise GatewayDoesNotServe
    try:
        with transaction.atomic():
            rows = GatewayChannel.objects.filter(channel=channel).order_by("position")
            before = list(rows.values_list("gateway", "enabled"))
            rows.delete()
            GatewayChannel.objects.bulk_create(
                GatewayChannel(channel=channel, position=place, gateway=name, enabled=is_open, changed_at=at)
                for place, name in enumerate(gateways, start=1)
            )
            audit.record(
                action="payment.channel_routed",
                subject=f"channel:{channel.value}",
                actor_id=actor_id,
                details={"before": before, "gateways": list(gateways), "open": is_open},
            )
    except IntegrityError as error:
        raise RoutesChangedMeanwhile from error
