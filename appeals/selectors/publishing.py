"""What the clerk's desk knows of publishing: which served rulings wait, until when, and a text to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from appeals.models import Case, Publication, PublishedCase, Ruling
from appeals.rules.redaction import Known, blacked_out
from appeals.states import Status
from billing.selectors.city import dated_tables
from core import clock

MOST: Final = 500
TABLE: Final = "decision_publication"


@dataclass(frozen=True, kw_only=True)
class ToPublish:
    """A served ruling that nobody has published yet; `left`: days until it is due."""

    case_id: int
    number: str
    served_on: date
    due_on: date
    left: int
    red: bool


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the form begins with; `name`: where it is published already."""

    initial: dict[str, Any]
    name: str = ""
    version: int = 0


def to_publish(*, at: datetime) -> list[ToPublish]:
    """Of the officer's desk, what is due first standing first. The days are the city's, of when it was served."""
    today, tables = clock.local_date(at), dated_tables()
    done = PublishedCase.objects.values("case_id")
    rows = Ruling.objects.filter(case__status=Status.SERVED, case__sealed=False).exclude(case_id__in=done)
    found = []
    for case_id, number, served in rows.order_by("served_on", "pk").values_list("case", "case__number", "served_on")[
        :MOST
    ]:
        if number is None or served is None:
            continue
        rule = tables.at(TABLE, served).body
        due = served + timedelta(days=rule["within_days"])
        left = (due - today).days
        found.append(
            ToPublish(
                case_id=case_id, number=number, served_on=served, due_on=due, left=left, red=left <= rule["red_days"]
            )
        )
    return sorted(found, key=lambda one: one.due_on)


def proposal(case_id: int) -> Proposal | None:
    """The published text, or the case's own with who it is blacked out. None: not served, or not theirs."""
    case = Case.objects.filter(pk=case_id, status=Status.SERVED, sealed=False).first()
    ruling = Ruling.objects.filter(case_id=case_id).values("reasons").first()
    if case is None or ruling is None:
        return None
    place = PublishedCase.objects.filter(case_id=case_id).values("year", "number").first()
    if place:
        fields = ("ground", "gist_ko", "gist_en", "claims", "reasons")
        row = Publication.objects.get(**place, replaced_on=None)
        initial = {name: getattr(row, name) for name in fields}
        return Proposal(initial=initial, version=row.version, name=f"{row.year}-{row.number}")
    known = _known(case_id)
    return Proposal(
        initial={"claims": blacked_out(case.grounds, known), "reasons": blacked_out(ruling["reasons"], known)}
    )


def _known(case_id: int) -> list[Known]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, value, counts FROM appeals_to_black_out(%s)", [case_id])
        return [Known(kind=kind, value=value, counts=counts) for kind, value, counts in cursor.fetchall()]
