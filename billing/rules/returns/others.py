"""Returns of registration tax (등록면허세), leisure tax (레저세) and tobacco consumption tax (담배소비세).

Local Tax Act, articles 30, 43 and 60.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables
from billing.rules.leisure_tobacco import leisure_tax, tobacco_tax
from billing.rules.registration import register
from billing.rules.returns.kinds import MONTH, OBJECT, YEAR, Input, ReturnKind, Term, Values
from billing.rules.returns.terms import month_end, monthly

ENTRIES: Final = (
    *("preservation", "transfer_for_money", "transfer_free", "transfer_by_inheritance", "superficies", "mortgage"),
    *("easement", "lease_on_deposit", "lease", "auction_or_attachment", "provisional", "land_other"),
    *("passenger_car", "passenger_car_light", "vehicle", "vehicle_business", "vehicle_mortgage", "vehicle_other"),
    *("machinery", "machinery_mortgage", "machinery_other"),
    *("company_founded", "company_capital", "nonprofit_founded", "nonprofit_capital", "head_office_moved"),
    *("branch_founded", "company_other", "trade_name", "other"),
)
TOBACCO: Final = (
    *("cigarette", "pipe", "cigar", "cut", "liquid", "heated_stick", "heated_other", "water_pipe", "chewing", "snuff"),
)


def _entry(values: Values, *, tables: DatedTables) -> Assessed:
    return register(
        kind=values["kind"],
        base=values["base"],
        on=date.fromisoformat(values["entered_on"]),
        tables=tables,
        in_the_metropolis=values["in_the_metropolis"],
    )


def _entry_term(values: Values, *, tables: DatedTables) -> Term:
    """Before the entry: until the day on which it is applied for."""
    on = date.fromisoformat(values["entered_on"])
    article = tables.at("filing_terms", on).body["registration"]["article"]
    return Term(year=on.year, term=1, liability_on=on, nominal_due_on=on, article=article)


def _leisure(values: Values, *, tables: DatedTables) -> Assessed:
    on = month_end(date(values["year"], values["month"], 1))
    return leisure_tax(tickets_sold=values["tickets_sold"], on=on, tables=tables)


def _leisure_term(values: Values, *, tables: DatedTables) -> Term:
    return monthly(values, name="leisure", tables=tables)


def _tobacco(values: Values, *, tables: DatedTables) -> Assessed:
    on = month_end(date(values["year"], values["month"], 1))
    return tobacco_tax(
        kind=values["kind"], quantity=values["quantity"], on=on, tables=tables, leaf=not values["without_leaf"]
    )


def _tobacco_term(values: Values, *, tables: DatedTables) -> Term:
    return monthly(values, name="tobacco", tables=tables)


REGISTRATION: Final = ReturnKind(
    name="registration",
    tax="registration_licence",
    inputs=(
        OBJECT,
        Input(name="kind", holds="choice", choices=ENTRIES, key=True),
        Input(name="entered_on", holds="day", key=True, ahead_days=60),
        Input(name="base", holds="won"),
        Input(name="in_the_metropolis", holds="yes"),
    ),
    term_of=_entry_term,
    assess=_entry,
)
LEISURE: Final = ReturnKind(
    name="leisure",
    tax="leisure",
    inputs=(OBJECT, YEAR, MONTH, Input(name="tickets_sold", holds="won")),
    term_of=_leisure_term,
    assess=_leisure,
)
# Article 61 has penalties of its own for a return of tobacco; they were not read.
TOBACCO_RETURN: Final = ReturnKind(
    name="tobacco",
    tax="tobacco",
    inputs=(
        OBJECT,
        YEAR,
        MONTH,
        Input(name="kind", holds="choice", choices=TOBACCO, key=True),
        Input(name="quantity", holds="count"),
        Input(name="without_leaf", holds="yes"),
    ),
    term_of=_tobacco_term,
    assess=_tobacco,
    late_refused=True,
)
