"""Rolls of the individual part of resident tax (주민세 개인분): one row a household that owes it."""

from __future__ import annotations

from typing import Final

from billing.rules.columns import Cells, Column, Term
from billing.rules.dated import DatedTables
from billing.rules.kinds import Facts, Kind
from billing.rules.property_roll import LEDGER_ID
from billing.rules.resident import assess_individual, dates_of


def _terms(year: int, tables: DatedTables) -> tuple[Term, ...]:
    liability, due = dates_of(part="individual", year=year, tables=tables)
    return (Term(year=year, number=1, liability_on=liability, nominal_due_on=due),)


def _read(cells: Cells, term: Term) -> Facts:
    return {"household_id": cells["household_id"], "year": term.year}


# Who owes nothing (article 75) isn't on the roll: it says so of nobody.
RESIDENT: Final = Kind(
    name="resident",
    tax="resident",
    name_ko="주민세(개인분)",
    name_en="Resident tax of households",
    own_columns=(Column(name="household_id", most=30, pattern=LEDGER_ID),),
    object_column="household_id",
    terms=_terms,
    read=_read,
    assess_facts=assess_individual,
    rate_column=lambda cells: "household_id",
)
