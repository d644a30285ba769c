"""What a roll asks in all, district by district, and how that differs from what last year's rolls asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from django.db import connection

from billing.models import LevyRoll, RollTotal
from billing.rules.assessed_columns import AssessedColumns
from billing.rules.registry import kind_of
from billing.states import RollStatus

MOST_CHANGES: Final = 20


@dataclass
class District:
    """Rows of a district, and of its bills the sum of each tax in won."""

    rows: int = 0
    not_collected: int = 0
    taxes: Counter[str] = field(default_factory=Counter)
    before: dict[str, int] = field(default_factory=dict)


class Totals:
    """Sums of a roll that is being read."""

    def __init__(self) -> None:
        self.districts: dict[str, District] = {}

    def add(self, bodies: Sequence[str], assessed: AssessedColumns) -> None:
        names, places = np.unique(np.array(bodies), return_inverse=True)
        rows = np.bincount(places, minlength=len(names))
        collected = np.bincount(places[assessed.collected], minlength=len(names))
        sums = {}
        for tax, amounts in assessed.amounts.items():
            sums[tax] = np.zeros(len(names), dtype=np.int64)
            np.add.at(sums[tax], places, np.where(assessed.collected, amounts, 0))
        for place, body in enumerate(names.tolist()):
            district = self.districts.setdefault(body, District())
            district.rows += int(rows[place])
            district.not_collected += int(rows[place] - collected[place])
            district.taxes.update({tax: int(of[place]) for tax, of in sums.items() if of[place]})

    def rows(self, *, roll_id: int) -> list[RollTotal]:
        return [
            RollTotal(
                roll_id=roll_id,
                body_id=body,
                rows=district.rows,
                not_collected=district.not_collected,
                amount=district.taxes.total(),
                taxes=dict(district.taxes),
                **district.before,
            )
            for body, district in sorted(self.districts.items())
        ]


def compare_with_last_year(*, roll: LevyRoll, totals: Totals) -> list[dict[str, Any]]:
    """Add to each district what last year's rolls of the same kind and term asked there; returns the largest changes.

    A change is {"object", "body", "before", "now"}, in won. All of it is empty where no such roll was issued.
    """
    if not kind_of(roll.kind).regular:  # what happens once is in no roll of another year
        return []
    before = list(
        LevyRoll.objects.filter(
            kind=roll.kind, term=roll.term, tax_year=roll.tax_year - 1, status=RollStatus.ISSUED
        ).values_list("id", flat=True)
    )
    if not before:
        return []
    bodies = sorted(totals.districts)
    appeared = dict(_rows(_MISSING_IN, [[roll.pk], bodies, before]))
    vanished = dict(_rows(_MISSING_IN, [before, bodies, [roll.pk]]))
    sums = {body: (rows, amount) for body, rows, amount in _rows(_SUMS, [before, bodies])}
    for body, district in totals.districts.items():
        rows, amount = sums.get(body, (0, 0))
        district.before = {
            "rows_before": rows,
            "amount_before": int(amount),
            "appeared": appeared.get(body, 0),
            "vanished": vanished.get(body, 0),
        }
    found = _rows(_CHANGES, [roll.pk, before, MOST_CHANGES])
    return [{"object": thing, "body": body, "before": was, "now": now} for thing, body, was, now in found]


_MISSING_IN: Final = (
    "SELECT r.body_id, count(*) FROM billing_rollrow r WHERE r.roll_id = ANY (%s::bigint[]) "
    "AND r.body_id = ANY (%s::text[]) AND NOT EXISTS (SELECT FROM billing_rollrow o "
    "WHERE o.roll_id = ANY (%s::bigint[]) AND o.object_ref = r.object_ref) GROUP BY r.body_id"
)
_SUMS: Final = (
    "SELECT body_id, sum(rows)::bigint, sum(amount)::bigint FROM billing_rolltotal "
    "WHERE roll_id = ANY (%s::bigint[]) AND body_id = ANY (%s::text[]) GROUP BY body_id"
)
_CHANGES: Final = (
    "SELECT n.object_ref, n.body_id, o.amount, n.amount FROM billing_rollrow n "
    "JOIN billing_rollrow o ON o.object_ref = n.object_ref WHERE n.roll_id = %s AND o.roll_id = ANY (%s::bigint[]) "
    "AND o.amount <> n.amount ORDER BY abs(n.amount - o.amount) DESC, n.object_ref LIMIT %s"
)


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
