"""What refunds publish for apps beside them, each as far as the running session may see; amounts in won."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, F, Func, Q, Sum, Value
from django.db.models.functions import Cast

from refunds.models import Refund
from refunds.states import COLOURS, Status


@dataclass(frozen=True, kw_only=True)
class MoneyOfChange:
    """A refund that a change of a bill led to; `done_at` once its money has left."""

    id: int
    reference: str
    label: str
    colour: str
    amount: int
    interest: int
    opened_at: datetime
    done_at: datetime | None


def money_of_change(*, change_id: int) -> list[MoneyOfChange]:
    """What is paid back because an officer, or a ruling, changed a bill; the oldest first."""
    mine = Q(source=f"change:{change_id}") | Q(source__startswith=f"change:{change_id}/")
    return [
        MoneyOfChange(
            id=row.pk,
            reference=row.reference,
            label=str(Status(row.status).label),
            colour=COLOURS[Status(row.status)],
            amount=row.available,
            interest=row.interest,
            opened_at=row.opened_at,
            done_at=row.paid_at,
        )
        for row in Refund.objects.filter(mine).order_by("pk")
    ]


def returned_by_changes(*, change_ids: Collection[int]) -> dict[int, int]:
    """Won that have left, with interest, because of each of these changes; those that led to nothing are not named."""
    rows = Refund.objects.filter(source__startswith="change:", paid_at__isnull=False)
    number = Func(F("source"), Value("^change:([0-9]+).*$"), Value(r"\1"), function="regexp_replace")
    rows = rows.annotate(change=Cast(number, BigIntegerField())).filter(change__in=list(change_ids))
    found = rows.values_list("change").annotate(won=Sum(F("amount") - F("lost") + F("interest"))).order_by()
    return dict(found)
