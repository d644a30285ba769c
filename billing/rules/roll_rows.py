"""A row of a roll of any kind becomes a bill, or a defect that no single cell shows."""

from __future__ import annotations

from collections.abc import Mapping

from billing.rules.assessed import Assessed
from billing.rules.columns import Cells, Term
from billing.rules.dated import DatedTables, NoTableForDate, RateNotSourced
from billing.rules.kinds import Facts, Kind, RowRefused


def facts_of(cells: Cells, *, kind: Kind, term: Term) -> Facts:
    """What the row's bill keeps: what it is computed from, and by which rules."""
    return {"rules": kind.name} | kind.read(cells, term)


def assess_row(cells: Cells, *, kind: Kind, term: Term, tables: DatedTables) -> Assessed:
    """The bill of a row whose cells are right. Raises RowRefused, also where the tables hold no rate."""
    facts: Mapping[str, object] = facts_of(cells, kind=kind, term=term)
    try:
        assessed = kind.assess_facts(facts, tables=tables)
        kind.check_facts(facts, term=term, tables=tables)
    except (RateNotSourced, NoTableForDate):
        raise RowRefused(column=kind.rate_column(cells), code="no_rate") from None
    return assessed
