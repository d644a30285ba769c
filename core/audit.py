"""The audit trail: who, when, from where, whose data, what, why. Append-only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from core.request import current_facts


def record(
    *,
    action: str,
    subject: str,
    actor_id: int | None = None,
    taxpayer_id: int | None = None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one record in the caller's transaction.

    `action` is a dotted verb (`vault.opened`), `subject` names the thing (`bill:17`), `taxpayer_id` says whose data
    it was. The database adds the time and the login; address and session come from the running request.
    """
    facts = current_facts()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT core_audit(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                action,
                subject,
                actor_id if actor_id is not None else facts.account_id,
                taxpayer_id,
                reason,
                json.dumps(dict(details or {}), ensure_ascii=False, default=str),
                facts.address,
                facts.session_mark,
            ],
        )
