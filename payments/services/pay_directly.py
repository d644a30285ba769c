from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from core.identifiers import new_reference
from payments.gateways.base import Movement
from payments.rules.allocation import Share
from payments.services.begin import link_secret
from payments.services.settle import NotMoneyIn, Settlement, as_json, as_settlement, call
from payments.states import Channel


def pay_directly(
    *,
    gateway: str,
    channel: Channel,
    movement: Movement,
    shares: Sequence[Share],
    at: datetime,
    payer: str = "",
    message_id: int | None = None,
) -> Settlement:
    """Write money that came with its bills' numbers and without an attempt before it, in one call and one transaction.

    `gateway` names whose movement ids these are: `atm:088`, `counter:11110`, `statement:088`. `shares` sum to the
    movement's amount; what a bill does not owe any more becomes an overpayment, and one bill that does not exist sends
    the whole movement to suspense. `payer` is who brought it in the source's own words, kept in the audit trail. The
    same movement again changes nothing. Raises `NotMoneyIn`; the database refuses shares that sum to something else and
    money of the future or older than ten years.
    """
    if not movement.kind.money_came:
        raise NotMoneyIn(movement.kind)
    values = direct_values(gateway=gateway, channel=channel, movement=movement, shares=shares, payer=payer)
    answer = call("SELECT payments_pay_directly(%s, %s, %s, %s, %s, %s, %s)", [*values, message_id, at])
    return as_settlement(answer)


def direct_values(
    *,
    gateway: str,
    channel: Channel,
    movement: Movement,
    shares: Sequence[Share],
    reference: str = "",
    payer: str = "",
) -> list[Any]:
    """What `payments_pay_directly` is called with first; without a `reference` of ours, a new one."""
    reference = reference or new_reference("PAY")
    facts = {"reference": reference, "channel": channel.value, "payer": payer[:100], "language": settings.LANGUAGE_CODE}
    token = hashlib.sha256(link_secret(reference).encode()).digest()
    return [
        gateway,
        json.dumps(facts),
        as_json(movement),
        json.dumps([asdict(share) for share in shares]),
        token,
    ]
