from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.services.levying_bodies import city_code, district_codes
from accounts.services.sealing import seal
from billing.models import LevyRoll
from billing.models.roll import GONE
from billing.rules.calendar import CalendarNotKnown
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.kinds import Expected, Kind, NoSuchTerm, Term
from billing.rules.registry import KINDS
from billing.rules.repeats import known_already, names_that_differ, repeats
from billing.rules.roll_file import Problem, RollFile, read_roll
from billing.rules.roll_rows import GoodRow, check_row
from billing.selectors.city import city_calendar, dated_tables, taxes_billed_by_roll
from billing.states import RollStatus
from core import audit, clock
from core.errors import Refusal

MAX_BYTES: Final = 64 * 1024 * 1024
BATCH: Final = 5000
SEAL_USE: Final = "levy roll"
AnyRow = TypeVar("AnyRow")


class RollIsEmpty(Refusal):
    message = _("The file is empty. Choose the file again.")


class RollIsTooLarge(Refusal):
    message = _("The file is larger than 64 MB. Split the roll by district.")


class RollIsBinary(Refusal):
    message = _("The file is not a text file. Save the roll as CSV and choose it again.")


class TaxNotBilledByRoll(Refusal):
    message = _("No rates of this tax are in the city's tables, so it can't be billed from a roll.")


class YearNotKnown(Refusal):
    message = _("The city's rates or holidays of that year are not loaded yet.")


class NoSuchTermOfTax(Refusal):
    message = _("This tax has no such term in a year.")


class RollAlreadyImported(Refusal):
    """The same file, byte for byte, was imported before; `roll_id` is what it became."""

    message = _("This file was imported before. Nothing was imported again.")

    def __init__(self, roll_id: int | None = None) -> None:
        super().__init__()
        self.roll_id = roll_id


@dataclass(frozen=True, kw_only=True)
class RollFacts:
    """What the officer said of the file."""

    kind: Kind
    term: Term
    file_name: str
    uploaded_by_id: int
    office: str


def import_roll(
    *,
    content: bytes,
    file_name: str,
    tax: str,
    year: int,
    term: int,
    uploaded_by_id: int,
    at: datetime,
    office: str | None = None,
) -> int:
    """Read a roll's file, compute every row's tax, and stage it; returns the roll's id.

    A roll with any bad row is kept as refused with every defect named, and nothing of it is staged. `office` is the
    body that brings it: a district's roll holds that district's rows only, the city's (None) any. Resident numbers
    are sealed at once to the vault's key; a worker opens them when the roll is approved.
    """
    _check_size(content)
    if tax not in {known.code for known in taxes_billed_by_roll()}:
        raise TaxNotBilledByRoll
    tables = dated_tables()
    mark = hashlib.sha256(content).hexdigest()
    _refuse_known_file(mark)
    facts = RollFacts(
        kind=KINDS[tax],
        term=_term(KINDS[tax], year, term, tables=tables, at=at),
        file_name=file_name[:200],
        uploaded_by_id=uploaded_by_id,
        office=office or city_code(),
    )
    file = read_roll(content, columns=facts.kind.column_names)
    good, problems = _check_rows(file, facts, tables)
    try:
        with transaction.atomic():
            roll = _save_roll(facts, mark=mark, file=file, problems=problems, at=at)
            if problems:
                _save_problems(roll.pk, problems)
            else:
                _stage(roll.pk, good)
            audit.record(action="billing.roll_imported", subject=f"roll:{roll.pk}", actor_id=uploaded_by_id)
            return roll.pk
    except IntegrityError:
        # Somebody else imported the same file, or a row of it, in this very moment.
        _refuse_known_file(mark)
        raise RollAlreadyImported from None


def _check_size(content: bytes) -> None:
    if not content.strip():
        raise RollIsEmpty
    if len(content) > MAX_BYTES:
        raise RollIsTooLarge
    if b"\x00" in content:
        raise RollIsBinary


def _term(kind: Kind, year: int, number: int, *, tables: DatedTables, at: datetime) -> Term:
    """The term of the roll; refused better before an officer works on it than when its bills need a due date."""
    try:
        term = kind.term(year=year, number=number, tables=tables)
        city_calendar(tables=tables, on=clock.local_date(at)).due_date(nominal=term.nominal_due_on, tax=kind.tax)
    except NoSuchTerm:
        raise NoSuchTermOfTax from None
    except (NoTableForDate, CalendarNotKnown):
        raise YearNotKnown from None
    return term


def _refuse_known_file(mark: str) -> None:
    known = LevyRoll.objects.filter(sha256=mark).exclude(status__in=GONE).first()
    if known:
        raise RollAlreadyImported(known.pk)


def _check_rows(file: RollFile, facts: RollFacts, tables: DatedTables) -> tuple[list[GoodRow], list[Problem]]:
    every = district_codes()
    districts = every & {facts.office} if facts.office in every else every
    expected = Expected(term=facts.term, bodies=districts)
    good: list[GoodRow] = []
    problems = list(file.problems)
    for row in file.rows:
        result = check_row(row, kind=facts.kind, expected=expected, tables=tables)
        if isinstance(result, GoodRow):
            good.append(result)
        else:
            problems += result
    problems += repeats(good, kind=facts.kind) + names_that_differ(good) + _known(good, facts)
    return good, sorted(problems, key=lambda problem: problem.row)


def _known(good: Sequence[GoodRow], facts: RollFacts) -> list[Problem]:
    """Rows that another roll holds, or that are billed for this period."""
    references = _texts(
        "SELECT roll_ref FROM billing_rollrow WHERE roll_ref = ANY (%s::text[]) UNION "
        "SELECT roll_ref FROM billing_bill WHERE roll_ref = ANY (%s::text[]) AND status IN ('draft', 'issued')",
        [[row.roll_ref for row in good]] * 2,
    )
    period = [[row.object_ref for row in good], facts.kind.tax, facts.term.year, facts.term.number]
    objects = _texts(
        "SELECT r.object_ref FROM billing_rollrow r JOIN billing_levyroll l ON l.id = r.roll_id "
        "WHERE l.status IN ('staged', 'approved', 'issuing') AND r.object_ref = ANY (%s::text[]) "
        "AND l.tax_id = %s AND l.tax_year = %s AND l.term = %s UNION "
        "SELECT object_ref FROM billing_bill WHERE object_ref = ANY (%s::text[]) "
        "AND tax_id = %s AND tax_year = %s AND term = %s AND status IN ('draft', 'issued')",
        period * 2,
    )
    return known_already(good, kind=facts.kind, references=references, objects=objects)


def _texts(statement: str, values: list[Any]) -> frozenset[str]:
    """One column of texts; arrays as parameters, since a roll has more rows than a statement may have parameters."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return frozenset(row[0] for row in cursor.fetchall())


def _save_roll(facts: RollFacts, *, mark: str, file: RollFile, problems: Sequence[Problem], at: datetime) -> LevyRoll:
    return LevyRoll.objects.create(
        office_id=facts.office,
        tax_id=facts.kind.tax,
        kind=facts.kind.name,
        tax_year=facts.term.year,
        term=facts.term.number,
        status=RollStatus.REFUSED if problems else RollStatus.STAGED,
        file_name=facts.file_name,
        sha256=mark,
        encoding=file.encoding,
        row_count=len(file.rows),
        problem_count=len(problems),
        uploaded_by_id=facts.uploaded_by_id,
        uploaded_at=at,
    )


def _save_problems(roll_id: int, problems: Sequence[Problem]) -> None:
    for batch in _batches(problems):
        columns = [[getattr(problem, name) for problem in batch] for name in ("row", "column", "code", "shown")]
        _insert(
            'INSERT INTO billing_rollproblem (roll_id, row_number, "column", code, shown) '
            "SELECT %s, p.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS p",
            [roll_id, *columns],
        )


def _stage(roll_id: int, good: Sequence[GoodRow]) -> None:
    """Rows by one statement a batch. COPY would not do: PostgreSQL refuses it on tables with row-level security."""
    for batch in _batches(good):
        _insert(
            "INSERT INTO billing_rollrow (roll_id, row_number, roll_ref, body_id, name, email, sealed_number, "
            "object_ref, facts, lines, amount, collected) "
            "SELECT %s, r.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], "
            "%s::text[], %s::jsonb[], %s::jsonb[], %s::bigint[], %s::boolean[]) AS r",
            [
                roll_id,
                [row.number for row in batch],
                [row.roll_ref for row in batch],
                [row.body for row in batch],
                [row.name for row in batch],
                [row.email for row in batch],
                [seal(text=row.resident_number, use=SEAL_USE) for row in batch],
                [row.object_ref for row in batch],
                [json.dumps(row.facts, ensure_ascii=False) for row in batch],
                [json.dumps(_lines(row)) for row in batch],
                [row.assessed.total if row.assessed.collected else 0 for row in batch],
                [row.assessed.collected for row in batch],
            ],
        )


def _lines(row: GoodRow) -> list[dict[str, Any]]:
    lines = row.assessed.lines if row.assessed.collected else ()
    return [{"tax": line.tax, "amount": line.amount} for line in lines]


def _insert(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _batches(rows: Sequence[AnyRow]) -> list[Sequence[AnyRow]]:
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
