"""What gateways say they settle (정산 내역), taken over line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from typing import Final

import structlog
from django.conf import settings
from django.db import connection

from payments.gateways import registry
from payments.gateways.base import Capability, Gateway, SettlementLine, Succeeded

log = structlog.get_logger(__name__)
MOST_PAGES: Final = 10_000
COLUMNS: Final = ("movement_id", "reference", "amount", "fee", "fee_tax", "paid_out", "sold_on", "paid_out_on")
KINDS: Final = ("text", "text", "bigint", "bigint", "bigint", "bigint", "date", "date")


def settling_gateways() -> list[Gateway]:
    """Those of this process that tell what they settle, in the order of their names."""
    every = [registry.gateway(name) for name in sorted(settings.GATEWAYS)]
    return [one for one in every if Capability.SETTLEMENTS in one.capabilities]


def fetch_settlements(*, gateway: Gateway, start: date, end: date) -> bool:
    """Take over what was sold from `start` to `end`, page by page; False if the gateway did not answer for all of it.

    Never in a transaction; what a line said first stands.
    """
    for page in range(1, MOST_PAGES + 1):
        answer = gateway.settlements(start=start, end=end, page=page)
        if not isinstance(answer, Succeeded):
            log.warning("payments.settlements_not_told", gateway=gateway.name, outcome=type(answer).__name__)
            return False
        if not answer.value:
            return True
        keep_settlements(gateway=gateway.name, lines=answer.value)
    return False


def keep_settlements(*, gateway: str, lines: Sequence[SettlementLine]) -> None:
    """Each movement once, whatever is told again."""
    names, kinds = ", ".join(COLUMNS), ", ".join(f"%s::{kind}[]" for kind in KINDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO payments_settlementline (gateway, {names}) "  # noqa: S608
            f"SELECT %s, l.* FROM unnest({kinds}) AS l({names}) ON CONFLICT (gateway, movement_id) DO NOTHING",
            [gateway, *(list(column) for column in zip(*map(astuple, lines), strict=True))],
        )
