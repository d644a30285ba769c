"""What a return comes to, before it is filed and again when it is billed: one computation for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from billing.rules.calendar import CalendarNotKnown
from billing.rules.dated import DatedTables, NoTableForDate, RateNotSourced
from billing.rules.late_payment import Surcharge, late_filing
from billing.rules.returns.figure import Declared, Figure, figure_of
from billing.rules.returns.kinds import DeclaredWrong, ReturnKind, Term, Values
from billing.rules.returns.registry import return_kind
from billing.selectors.city import city_calendar, dated_tables
from filing.models import Return

MOST_AMENDED = 50  # returns about one thing


class NotSourced(Exception):
    """The city's tables hold no rate, term or day for this: it is refused by name. `table`: the one that is missing."""

    def __init__(self, said: str, *, table: str = "") -> None:
        super().__init__(said)
        self.table = table


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A return with all that follows from it. `surcharges`: what is added, tax by tax, if it is paid on the day of
    filing; in won."""

    declared: Declared
    term: Term
    figure: Figure
    surcharges: Mapping[str, Surcharge]

    @property
    def due_on(self) -> date:
        return self.declared.due

    @property
    def total(self) -> int:
        """Won on the bill."""
        return self.figure.assessed.total

    @property
    def pay_today(self) -> int:
        return self.total + sum(late.total for late in self.surcharges.values())

    @property
    def less(self) -> int:
        return sum(self.figure.less.values())


def draft(*, kind: ReturnKind, values: Values, filed_on: date, amends: Return | None = None) -> Draft:
    """Compute a return of a kind that is filed on a day. Raises NotSourced, DeclaredWrong."""
    tables = dated_tables()
    kind.check(values)
    try:
        return _draft(kind, values, filed_on, amends, tables)
    except NoTableForDate as error:
        raise NotSourced(str(error), table=f"{error.name} {error.on.isoformat()}") from error
    except (RateNotSourced, CalendarNotKnown) as error:
        raise NotSourced(str(error)) from error


def draft_of(filed: Return) -> Draft:
    """The same for a return that was filed."""
    return draft(kind=return_kind(filed.kind), values=filed.inputs, filed_on=filed.filed_on, amends=filed.amends)


def first_of(filed: Return) -> Return:
    """The return with which everything about its thing began."""
    for _ in range(MOST_AMENDED):
        if filed.amends is None:
            return filed
        filed = filed.amends
    raise DeclaredWrong("", "amended_often")


def _draft(kind: ReturnKind, values: Values, filed_on: date, amends: Return | None, tables: DatedTables) -> Draft:
    term = kind.term_of(values, tables=tables)
    ahead = max((given.ahead_days for given in kind.inputs), default=0)
    if not ahead and term.liability_on > filed_on:
        raise DeclaredWrong(_names_the_time(kind), "not_over")
    due = city_calendar(tables=tables, on=filed_on).due_date(nominal=term.nominal_due_on, tax=kind.tax)
    declared = Declared(
        kind=kind,
        values=values,
        filed_on=filed_on,
        due=due,
        before=amends.inputs if amends else None,
        first_on=first_of(amends).filed_on if amends else None,
    )
    figure = figure_of(declared, tables=tables)
    late = {tax: late_filing(tax=won, due=due, on=filed_on, tables=tables) for tax, won in figure.taxes.items() if won}
    return Draft(declared=declared, term=term, figure=figure, surcharges=late)


def _names_the_time(kind: ReturnKind) -> str:
    times = [given.name for given in kind.inputs if given.holds in ("day", "year", "month")]
    return times[-1]
