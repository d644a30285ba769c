from __future__ import annotations

import json
from datetime import date, datetime

from billing.models import Entitlement, EntitlementKind
from billing.rules.dated import DatedTables, NoTableForDate
from core import clock


def record_entitlement(*, taxpayer_id: int, kind: str, began_on: date, ended_on: date | None = None) -> None:
    """Keep from when (and until when) somebody takes notices electronically or pays automatically; repeatable.

    `kind` is "e_notice" (전자송달) or "autopay" (자동납부); ValueError for another.
    """
    Entitlement.objects.update_or_create(
        taxpayer_id=taxpayer_id, kind=EntitlementKind(kind).value, began_on=began_on, defaults={"ended_on": ended_on}
    )


def credit_of(*, tables: DatedTables, at: datetime) -> tuple[str | None, str | None]:
    """The credit (세액공제) of bills issued at `at`, as `billing_give_credits` takes it, and its article, or None."""
    try:
        table = tables.at("notice_credit", clock.local_date(at))
    except NoTableForDate:
        return None, None
    return json.dumps(dict(table.body)), table.article
