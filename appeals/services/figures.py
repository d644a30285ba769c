"""Worker: the figures of a year are told once, whole, when it is over; what would tell of somebody is withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from django.db import connection, transaction

from appeals.decision_states import FigureOf
from appeals.models import Figure
from appeals.ports import money_returned
from appeals.rules.figures import ALL, Sum, Tables, sums_withheld, withheld
from appeals.rules.figures.sums import of as sum_of
from billing.selectors.city import dated_tables
from core import audit, clock

OUTCOMES: Final = ("upheld", "rejected", "dismissed", "reexamined")
TABLE: Final = "court_figures"
log = structlog.get_logger(__name__)


def tell_figures(*, at: datetime) -> list[int]:
    """Tell what is over and not told yet; which years those are. Run again, or by two at once, each is told once."""
    today, told = clock.local_date(at), []
    for year in _untold(today):
        rules = dated_tables().at(TABLE, date(year, 12, 31)).body
        if today > date(year, 12, 31) + timedelta(days=rules["after_days"]) and _tell(year, rules, today):
            told.append(year)
    return told


def _tell(year: int, rules: Mapping[str, int], today: date) -> bool:
    """In one transaction, so that nothing is told of half a year. False: another worker was quicker."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_take_turn('figures')")
        if Figure.objects.filter(year=year).exists():
            return False
        rows = _counted(year)
        hidden = _hidden_counts(rows, least=rules["least"])
        money, secret = _money(year, rows, hidden, rules)
        Figure.objects.bulk_create(
            [_figure(year, row, hidden, money, secret, least=rules["least"], today=today) for row in rows]
        )
        audit.record(action="appeal.figures_told", subject=f"year:{year}", details={"rows": len(rows)})
    return True


def _untold(today: date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM appeals_untold_years(%s)", [today])
        return [year for (year,) in cursor.fetchall()]


def _counted(year: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM appeals_counted(%s)", [year])
        names = [one.name for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _hidden_counts(rows: Sequence[Mapping[str, Any]], *, least: int) -> set[tuple[str, str, str]]:
    """What of it, which row and which count.

    Whoever counts published decisions, each with its tax and outcome, knows what every outcome comes to in the city:
    the table of bodies is made as if nothing of that were withheld.
    """
    counts: dict[str, dict[str, dict[str, int]]] = {FigureOf.TAX.value: {}, FigureOf.BODY.value: {}}
    for row in rows:
        if row["of"] in counts:
            counts[row["of"]][row["code"]] = {outcome: int(row[outcome]) for outcome in OUTCOMES}
    tables = Tables(columns=OUTCOMES, counts=counts, known=frozenset({FigureOf.BODY.value}))
    return {(about or "all", code, outcome or "decided") for about, code, outcome in withheld(tables, least=least)}


def _money(
    year: int, rows: Sequence[Mapping[str, Any]], hidden: set[tuple[str, str, str]], rules: Mapping[str, int]
) -> tuple[dict[tuple[str, str], int], set[tuple[str, str]]]:
    """Won by row, and of which rows it is withheld: also where it would tell how many petitions were upheld."""
    cases: dict[tuple[str, str], list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tax, body, change_id FROM appeals_served_in(%s) WHERE outcome = 'upheld' AND change_id IS NOT NULL",
            [year],
        )
        upheld = cursor.fetchall()
    returned = money_returned()(change_ids=[change for _, _, change in upheld])
    for tax, body, change in upheld:
        for key in ((FigureOf.TAX, tax), (FigureOf.BODY, body), (FigureOf.ALL, ALL)):
            cases[str(key[0]), key[1]].append(returned.get(change, 0))
    limits = {"least": rules["least"], "percent": rules["percent"]}
    secret: set[tuple[str, str]] = set()
    whole = {ALL} if ("all", ALL, "upheld") in hidden else set[str]()
    for about in (str(FigureOf.TAX), str(FigureOf.BODY)):
        own: dict[str, Sum] = {
            row["code"]: sum_of(cases[about, row["code"]])
            for row in rows
            if row["of"] == about and not _nothing_upheld(row, hidden)
        }
        also = {code for code in own if (about, code, "upheld") in hidden}
        secret |= {(about if code else "all", code) for code in sums_withheld(own, secret={*also, *whole}, **limits)}
    if ("all", ALL) in secret:  # what the rows of the other table come to would tell it
        secret = {(row["of"], row["code"]) for row in rows if not _nothing_upheld(row, hidden)}
    return {key: sum(values) for key, values in cases.items()}, secret


def _nothing_upheld(row: Mapping[str, Any], hidden: Collection[tuple[str, str, str]]) -> bool:
    """It is told that nothing was upheld, so everybody knows what went back: nothing."""
    return not row["upheld"] and (row["of"], row["code"], "upheld") not in hidden


def _figure(
    year: int,
    row: Mapping[str, Any],
    hidden: set[tuple[str, str, str]],
    money: Mapping[tuple[str, str], int],
    secret: set[tuple[str, str]],
    *,
    least: int,
    today: date,
) -> Figure:
    key = (row["of"], row["code"])
    told = {name: None if (*key, name) in hidden else row[name] for name in ("decided", *OUTCOMES)}
    return Figure(
        year=year,
        of=row["of"],
        code=row["code"],
        name_ko=row["name_ko"],
        name_en=row["name_en"],
        least=least,
        **told,
        days=row["days"] if told["decided"] else None,
        returned=None if key in secret else money.get(key, 0),
        told_on=today,
    )
