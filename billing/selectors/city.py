"""The city's dated tables and calendar as the rules want them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from billing.explain_periods import period_text
from billing.models import DatedTable, DueDateOverride, Holiday, TaxType
from billing.rules import calendar, dated
from billing.rules.columns import Term
from billing.rules.registry import KINDS


@dataclass(frozen=True, kw_only=True)
class TaxName:
    code: str
    name_ko: str
    name_en: str


def taxes_billed_by_roll() -> list[TaxName]:
    """The taxes whose rolls can be computed here."""
    without = (TaxType.NOT_SOURCED, TaxType.WITH_MAIN_TAX)
    taxes = {tax.code: tax for tax in TaxType.objects.exclude(table__in=without)}
    return [
        TaxName(
            code=kind.name,
            name_ko=kind.name_ko or taxes[kind.tax].name_ko,
            name_en=kind.name_en or taxes[kind.tax].name_en,
        )
        for kind in KINDS.values()
        if kind.tax in taxes
    ]


@dataclass(frozen=True, kw_only=True)
class RollTerm:
    """One roll of a year that can be brought, and the day until which its bills may be paid by law.

    None: so many days after they went out.
    """

    name_ko: str
    name_en: str
    number: int
    period: str
    due: date | None
    days: int


def terms_of_rolls(*, year: int) -> list[RollTerm]:
    """Every roll of a year, tax by tax; a tax without tables for that year has none."""
    tables = dated_tables()
    days: int = tables.at("due_date", date(year, 1, 1)).body["then_days_after_arrival"]
    return [
        RollTerm(
            name_ko=name.name_ko,
            name_en=name.name_en,
            number=term.number,
            period=period_text(tax=KINDS[name.code].tax, year=year, term=term.number),
            due=term.nominal_due_on if KINDS[name.code].regular else None,
            days=days,
        )
        for name in taxes_billed_by_roll()
        for term in _terms(name.code, year, tables)
    ]


def _terms(kind: str, year: int, tables: dated.DatedTables) -> tuple[Term, ...]:
    try:
        return KINDS[kind].terms(year, tables)
    except dated.NoTableForDate:
        return ()


def dated_tables() -> dated.DatedTables:
    """Every dated table of the city; read once for a use case, not for each row."""
    return dated.DatedTables(
        dated.DatedTable(
            name=row.name, valid_from=row.valid_from, valid_to=row.valid_to, article=row.article, body=row.body
        )
        for row in DatedTable.objects.all()
    )


def city_calendar(*, tables: dated.DatedTables, on: date) -> calendar.Calendar:
    """Holidays and moved due dates, with the first and the last day for which they are known."""
    known = tables.at("calendar", on).body
    overrides = [
        calendar.DueDateOverride(nominal=row.nominal, due=row.due, article=row.article, tax=row.tax_id)
        for row in DueDateOverride.objects.all()
    ]
    days = frozenset(Holiday.objects.values_list("day", flat=True))
    return calendar.Calendar(
        holidays=days,
        known_from=date.fromisoformat(known.get("known_from", date.min.isoformat())),
        known_through=date.fromisoformat(known["known_through"]),
        overrides=overrides,
    )


def all_taxes() -> list[TaxName]:
    """Every tax and item of the city, in its order."""
    return [TaxName(code=tax.code, name_ko=tax.name_ko, name_en=tax.name_en) for tax in TaxType.objects.all()]


def taxes_without_rules(*, assessed: Collection[str]) -> list[TaxName]:
    """Taxes assessed in one of these ways (billed, filed, both) whose rates nobody read in the statute."""
    rows = TaxType.objects.filter(table=TaxType.NOT_SOURCED, assessed__in=assessed)
    return [TaxName(code=tax.code, name_ko=tax.name_ko, name_en=tax.name_en) for tax in rows]
