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


def credit_of(*, table: str, tables: DatedTables, at: datetime) -> tuple[str | None, str | None]:
    """What bills issued at `at` are less by if paid in time, as `billing_issue_rows` takes it, and its article.

    `table` is that of a kind of roll: credits for electronic notice (세액공제), or of fines paid early (사전납부 감경).
    None where there is none.
    """
    try:
        found = tables.at(table, clock.local_date(at))
    except NoTableForDate:
        return None, None
    return json.dumps(dict(found.body)), found.article
