from __future__ import annotations

import hashlib
from datetime import datetime
from typing import BinaryIO, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.services.levying_bodies import city_code
from billing.events import ROLL_BROUGHT
from billing.models import LevyRoll
from billing.models.roll import GONE
from billing.rules.calendar import CalendarNotKnown
from billing.rules.columns import Term
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.kinds import Kind, NoSuchTerm
from billing.rules.registry import KINDS
from billing.rules.roll_file import PARQUET
from billing.selectors.city import city_calendar, dated_tables, taxes_billed_by_roll
from billing.services.roll_pieces import keep_file, pieces_of
from billing.states import RollStatus
from core import audit, clock, outbox
from core.errors import Refusal

MAX_BYTES: Final = 512 * 1024 * 1024


class RollIsEmpty(Refusal):
    message = _("The file is empty. Choose the file again.")


class RollIsTooLarge(Refusal):
    message = _("The file is larger than 512 MB. Split the roll by district, or send it as Parquet.")


class RollIsBinary(Refusal):
    message = _("The file is neither text nor Parquet. Save the roll as CSV and choose it again.")


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


def bring_roll(
    *,
    file: BinaryIO,
    size: int,
    file_name: str,
    tax: str,
    year: int,
    term: int,
    uploaded_by_id: int,
    at: datetime,
    office: str | None = None,
) -> int:
    """Take a roll's file, CSV or Parquet, for a worker to check; returns the roll's id.

    Here only its size and kind are looked at. It is kept encrypted, to be opened by the worker alone, since it holds
    resident numbers. `tax` names a kind of roll (`billing.rules.registry`). `office` is the body that brings it: a
    district's roll holds that district's rows only, the city's (None) any.
    """
    if tax not in {known.code for known in taxes_billed_by_roll()}:
        raise TaxNotBilledByRoll
    billed = _term(KINDS[tax], year, term, tables=dated_tables(), at=at)
    mark = _mark(file, size)
    _refuse_known_file(mark)
    try:
        with transaction.atomic():
            roll = LevyRoll.objects.create(
                office_id=office or city_code(),
                tax_id=KINDS[tax].tax,
                kind=tax,
                tax_year=billed.year,
                term=billed.number,
                status=RollStatus.BROUGHT,
                file_name=file_name[:200],
                sha256=mark,
                size=size,
                uploaded_by_id=uploaded_by_id,
                uploaded_at=at,
            )
            key = keep_file(roll_id=roll.pk, file=file)
            LevyRoll.objects.filter(pk=roll.pk).update(sealed_key=key)
            outbox.publish(ROLL_BROUGHT, roll_id=roll.pk)
            audit.record(action="billing.roll_brought", subject=f"roll:{roll.pk}", actor_id=uploaded_by_id)
            return roll.pk
    except IntegrityError:
        # Somebody else brought the same file in this very moment.
        _refuse_known_file(mark)
        raise


def _mark(file: BinaryIO, size: int) -> str:
    """The file's SHA-256; refuses what is no roll whatever stands in it."""
    if size > MAX_BYTES:
        raise RollIsTooLarge
    digest, blank, parquet = hashlib.sha256(), True, False
    for number, piece in enumerate(pieces_of(file)):
        parquet = parquet or (number == 0 and piece.startswith(PARQUET))
        if not parquet and b"\x00" in piece:
            raise RollIsBinary
        blank = blank and not piece.strip()
        digest.update(piece)
    if blank:
        raise RollIsEmpty
    return digest.hexdigest()


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
