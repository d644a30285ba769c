"""What became of an office's levies, as it is: for the office itself, and for who hears cases about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from accounts.selectors.officers import body_names
from appeals.decision_states import DecisionGround
from appeals.selectors.figures import YEARS, share
from appeals.states import UPHELD, Outcome

CASES: Final = 300


@dataclass(frozen=True, kw_only=True)
class OwnFigures:
    """An office's own figures of a year, as they are. `grounds`: of what was upheld, by what the case turned on."""

    body: str
    name: str
    decided: int
    upheld: int
    outcomes: tuple[tuple[str, int], ...]
    grounds: tuple[tuple[str, int], ...]

    @property
    def rate(self) -> str:
        return share(self.upheld, self.decided)


@dataclass(frozen=True, kw_only=True)
class UpheldCase:
    """A case in which the levy was reduced or cancelled; `cite` where its decision is published."""

    case_id: int
    number: str
    body: str
    outcome: str
    ground: str
    served_on: date
    year: int | None
    decision: int | None

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def ground_label(self) -> str:
        return ground_label(self.ground)

    @property
    def cite(self) -> str:
        return f"{self.year}-{self.decision}" if self.year else ""


def ground_label(ground: str) -> str:
    return str(DecisionGround(ground).label) if ground else ""


# As far as the session sees: an office its own levy, who hears cases those of their court.
SERVED = """
    FROM appeals_ruling r JOIN appeals_case c ON c.id = r.case_id
    LEFT JOIN appeals_publishedcase k ON k.case_id = c.id
    LEFT JOIN appeals_publication p ON p.year = k.year AND p.number = k.number AND p.replaced_on IS NULL
    WHERE r.status = 'served' AND c.kind = 'objection' AND r.served_on >= %s AND r.served_on < %s
"""


def own_years() -> list[int]:
    """In which a ruling was served that the session sees, the last first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT extract(year FROM r.served_on)::integer FROM appeals_ruling r JOIN appeals_case c "
            "ON c.id = r.case_id WHERE r.status = 'served' ORDER BY 1 DESC LIMIT %s",
            [YEARS],
        )
        return [year for (year,) in cursor.fetchall()]


def own(year: int) -> list[OwnFigures]:
    """Of each office whose levies the session may look at; those of whose levies most was wrong first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.body_id, r.outcome, coalesce(p.ground, ''), count(*) {SERVED} GROUP BY 1, 2, 3", _of(year)
        )
        rows = cursor.fetchall()
    names, outcomes, grounds = body_names(), dict[str, Counter[str]](), dict[str, Counter[str]]()
    for body, outcome, ground, many in rows:
        outcomes.setdefault(body, Counter())[outcome] += many
        if outcome in UPHELD:
            grounds.setdefault(body, Counter())[ground] += many
    found = [
        OwnFigures(
            body=body,
            name=names.get(body, body),
            decided=counted.total(),
            upheld=sum(counted[outcome] for outcome in UPHELD),
            outcomes=tuple((str(Outcome(one).label), counted[one]) for one in Outcome.values if counted[one]),
            grounds=tuple((ground_label(one), many) for one, many in grounds.get(body, Counter()).most_common()),
        )
        for body, counted in outcomes.items()
    ]
    return sorted(found, key=lambda one: (-one.upheld / one.decided, one.body))


def upheld_cases(year: int) -> list[UpheldCase]:
    """What there is to learn from, the last served first."""
    names = ("case_id", "number", "body", "outcome", "ground", "served_on", "year", "decision")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.number, c.body_id, r.outcome, coalesce(p.ground, ''), r.served_on, p.year, p.number "
            f"{SERVED} AND r.outcome IN ('cancelled', 'corrected') ORDER BY r.served_on DESC, c.id DESC LIMIT %s",
            [*_of(year), CASES],
        )
        rows = cursor.fetchall()
    bodies = body_names()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [UpheldCase(**{**one, "body": bodies.get(one["body"], one["body"])}) for one in found]


def _of(year: int) -> list[date]:
    return [date(year, 1, 1), date(year + 1, 1, 1)]
