"""The audit trail: who, when, from where, whose data, what, why. Append-only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.models import AuditRecord
from core.request import current_facts


@dataclass(frozen=True)
class AuditFacts:
    """One record as an auditor reads it."""

    id: int
    at: datetime
    login: str
    action: str
    subject: str
    actor_id: int | None
    taxpayer_id: int | None
    reason: str
    details: dict[str, Any]
    address: str


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


def trail(
    *,
    start: datetime,
    end: datetime,
    action: str = "",
    subject: str = "",
    actor_id: int | None = None,
    taxpayer_id: int | None = None,
    most: int = 200,
) -> list[AuditFacts]:
    """Records from `start` until before `end`, newest first; what is left empty does not narrow the search."""
    records = AuditRecord.objects.filter(at__gte=start, at__lt=end)
    narrowed = {"action": action, "subject": subject, "actor_id": actor_id, "taxpayer_id": taxpayer_id}
    records = records.filter(**{name: value for name, value in narrowed.items() if value not in ("", None)})
    return [
        AuditFacts(
            row.pk,
            row.at,
            row.login,
            row.action,
            row.subject,
            row.actor_id,
            row.taxpayer_id,
            row.reason,
            row.details,
            row.address,
        )
        for row in records.order_by("-at", "-id")[:most]
    ]


def actors_on(subjects: Iterable[str], *, but: Iterable[str] = ()) -> frozenset[int]:
    """Accounts that ever did anything to one of these things (`bill:17`), `but` these actions. For who may read the
    whole trail: the worker."""
    found = AuditRecord.objects.filter(subject__in=list(subjects), actor_id__isnull=False)
    actors = found.exclude(action__in=list(but)).values_list("actor_id", flat=True).distinct()
    return frozenset(one for one in actors if one is not None)
