"""Paying a large property tax in two parts (재산세 분할납부): Local Tax Act, article 118; its decree, article 116."""

from __future__ import annotations

from datetime import date

from billing.rules.dated import DatedTables
from billing.rules.rounding import cut, percent


def most_that_may_wait(*, tax: int, tables: DatedTables, on: date) -> int:
    """How much of a bill's property tax may be paid later, in won; 0 where it is too small to be parted.

    Up to twice the threshold it is what lies above the threshold; beyond, half of the tax, cut to 10 won. The
    fire-service part may be parted along with it in the same proportion (article 147 paragraph 2).
    """
    rule = tables.at("property_instalment", on).body
    if tax <= rule["above"]:
        return 0
    if tax <= rule["excess_up_to"]:
        return int(tax - rule["above"])
    return cut(tax * percent(rule["beyond_percent"]))


def months_to_wait(*, tables: DatedTables, on: date) -> int:
    """Within how many months after the due date the second part is due."""
    months: int = tables.at("property_instalment", on).body["months"]
    return months
