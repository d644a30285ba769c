from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Protocol

from django.db import IntegrityError, connection, transaction

from accounts.services import find_or_create_taxpayers, known_payers
from accounts.services.levying_bodies import body_codes, city_code
from billing.models import LevyRoll, RollPiece, RollRow, RollTotal
from billing.rules.cells import wrong_cells
from billing.rules.columns import Expected
from billing.rules.columnwise import assess_columns
from billing.rules.dated import DatedTables
from billing.rules.kinds import Kind
from billing.rules.payers import numbers_of
from billing.rules.registry import KINDS
from billing.rules.roll_file import PARQUET, Chunk, CsvRoll, Problem, Roll, shown
from billing.selectors.city import dated_tables
from billing.services.roll_pieces import forget_file, open_file
from billing.services.roll_totals import Totals, compare_with_last_year
from billing.services.spread_roll import SpreadRoll
from billing.states import ROLL_TRANSITIONS, RollStatus
from core import audit
from core.garbage import no_cycles
from core.states import StaleState, move

LOCK: Final = 0x524F4C4C  # "ROLL": one worker at a time reads a roll
ATTEMPTS: Final = 5
DEFECTS_AT_MOST: Final = 50_000


class Told(Protocol):
    """Hears how far a roll is: rows read and rows kept, of how many."""

    def __call__(self, *, read: int, kept: int, of: int) -> None: ...


def rolls_waiting() -> list[int]:
    """Rolls whose file waits to be read, the oldest first."""
    return list(LevyRoll.objects.filter(status=RollStatus.BROUGHT).order_by("id").values_list("id", flat=True))


def forget_files_left() -> None:
    """Remove files of rolls that were withdrawn before anybody read them."""
    RollPiece.objects.exclude(roll__status=RollStatus.BROUGHT).delete()


def check_roll(*, roll_id: int, at: datetime, told: Told | None = None) -> None:
    """Read a roll's file, compute every row's tax, and stage it; the worker only.

    A roll with any bad row is refused with every defect named, and nothing of it is kept. A run that was cut off is
    simply started again: it begins anew, and what it had staged is removed. Nothing happens while another worker is at
    the roll, or when it is done.
    """
    with _alone(roll_id) as alone, no_cycles():
        if alone and LevyRoll.objects.filter(pk=roll_id, status=RollStatus.BROUGHT).exists():
            _Check(LevyRoll.objects.get(pk=roll_id), told=told).run(at=at)


class _Check:
    """One run over one roll's file; every step commits by itself, so that its page shows how far it is."""

    def __init__(self, roll: LevyRoll, *, told: Told | None) -> None:
        self.roll, self.told = roll, told
        self.kind: Kind = KINDS[roll.kind]
        self.tables: DatedTables = dated_tables()
        self.term = self.kind.term(year=roll.tax_year, number=roll.term, tables=self.tables)
        every = body_codes(kinds=self.kind.levied_by)
        bodies = every if roll.office_id == city_code() else every & {roll.office_id}
        self.expected = Expected(term=self.term, bodies=bodies)
        self.spread = SpreadRoll(self.kind, self.term)
        self.totals = Totals()
        self.problems: list[Problem] = []
        self.read = self.kept = 0
        self.of = 0

    def run(self, *, at: datetime) -> None:
        self.roll.attempts += 1
        LevyRoll.objects.filter(pk=self.roll.pk).update(attempts=self.roll.attempts)
        if self.roll.attempts > ATTEMPTS:
            self._refuse([Problem(row=1, code="unreadable")], encoding="")
            return
        self._remove_rows()
        self.spread.begin()
        try:
            encoding = self._spread_out()
            if self.problems:
                self._refuse(self.problems, encoding=encoding)
            else:
                self.spread.introduce_newcomers(find_or_create_taxpayers)
                self._stage(encoding)
        except StaleState:
            # Withdrawn while it was read.
            self._remove_rows()
            forget_file(roll_id=self.roll.pk)
        finally:
            self.spread.end()

    def _remove_rows(self) -> None:
        RollRow.objects.filter(roll_id=self.roll.pk).delete()

    def _opened(self) -> Roll:
        file = open_file(self.roll)
        parquet = file.read(len(PARQUET)) == PARQUET
        file.seek(0)
        if parquet:
            from billing.rules.roll_parquet import ParquetRoll  # a large library, which CSV does without

            return ParquetRoll(file, self.kind.column_names, self.kind.optional_names)
        return CsvRoll(file, self.kind.column_names, self.kind.optional_names)

    def _spread_out(self) -> str:
        """Check and assess every row and spread out the good ones; returns the file's encoding."""
        file = self._opened()
        self.of = file.rows_expected
        self._tell()
        for chunk in file.chunks():
            self._check(chunk)
            self.read += len(chunk)
            self._tell()
            if len(self.problems) + len(file.problems) >= DEFECTS_AT_MOST:
                self.problems.append(Problem(row=int(chunk.numbers[-1]) + 1, code="too_many"))
                break
        self.problems += file.problems
        self.problems += self.spread.repeats(most=DEFECTS_AT_MOST)
        self.problems += self.spread.known_already(roll_id=self.roll.pk, most=DEFECTS_AT_MOST)
        return file.encoding

    def _check(self, chunk: Chunk) -> None:
        wrong = wrong_cells(chunk, kind=self.kind, expected=self.expected)
        self.problems += wrong
        chunk = _without(chunk, {problem.row for problem in wrong})
        if not len(chunk):
            return
        assessed = assess_columns(chunk.cells, kind=self.kind, term=self.term, tables=self.tables)
        if assessed.refused:
            self.problems += [
                Problem(row=chunk.numbers[at], column=column, code=code, shown=shown(column, chunk.cells[column][at]))
                for at, (column, code) in sorted(assessed.refused.items())
            ]
            return
        self.spread.add(chunk, assessed, known_payers(numbers_of(chunk.cells)))
        self.totals.add(chunk.cells["district_code"], assessed)

    def _stage(self, encoding: str) -> None:
        try:
            for many in self.spread.stage(roll_id=self.roll.pk):
                self.kept += many
                self._tell()
        except IntegrityError:
            # Another roll staged one of these rows since we looked.
            self._remove_rows()
            met = self.spread.known_already(roll_id=self.roll.pk, most=DEFECTS_AT_MOST)
            if not met:
                raise
            self._refuse(met, encoding=encoding)
            return
        changes = compare_with_last_year(roll=self.roll, totals=self.totals)
        with transaction.atomic():
            RollTotal.objects.filter(roll_id=self.roll.pk).delete()
            RollTotal.objects.bulk_create(self.totals.rows(roll_id=self.roll.pk))
            self._close(RollStatus.STAGED, row_count=self.read, encoding=encoding, changes=changes)

    def _refuse(self, problems: Sequence[Problem], *, encoding: str) -> None:
        ordered = sorted(problems, key=lambda problem: problem.row)
        with transaction.atomic():
            _save_problems(self.roll.pk, ordered)
            self._close(RollStatus.REFUSED, row_count=self.read, problem_count=len(ordered), encoding=encoding)

    def _close(self, status: RollStatus, **changes: object) -> None:
        move(LevyRoll, self.roll.pk, transitions=ROLL_TRANSITIONS, old=RollStatus.BROUGHT, new=status, **changes)
        forget_file(roll_id=self.roll.pk)
        audit.record(action="billing.roll_imported", subject=f"roll:{self.roll.pk}", actor_id=self.roll.uploaded_by_id)

    def _tell(self) -> None:
        self.of = max(self.of, self.read)
        LevyRoll.objects.filter(pk=self.roll.pk).update(
            row_count=self.read, kept_count=self.kept, rows_expected=self.of
        )
        if self.told:
            self.told(read=self.read, kept=self.kept, of=self.of)


@contextmanager
def _alone(roll_id: int) -> Iterator[bool]:
    """Whether nobody else reads this roll; who holds the lock and dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, roll_id])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, roll_id])


def _without(chunk: Chunk, bad: set[int]) -> Chunk:
    if not bad:
        return chunk
    return chunk.only([place for place, number in enumerate(chunk.numbers) if number not in bad])


def _save_problems(roll_id: int, problems: Sequence[Problem]) -> None:
    columns = [[getattr(problem, name) for problem in problems] for name in ("row", "column", "code", "shown")]
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO billing_rollproblem (roll_id, row_number, "column", code, shown) '
            "SELECT %s, p.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) AS p",
            [roll_id, *columns],
        )
