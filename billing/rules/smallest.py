"""What is too little to be collected (소액징수면제): Local Tax Act, articles 119, 130 paragraph 4 and 148; in won."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from billing.rules.dated import DatedTables, NoTableForDate

# Taxes that have a table of their own; property tax and its urban-area part are one.
TABLES: Final = {
    "automobile": "automobile_minimum",
    "property": "property_minimum",
    "property_urban": "property_minimum",
    "local_resource": "resource_minimum",
}
ALL: Final = "small_sums"


def too_little(*, amounts: Mapping[str, int], tables: DatedTables, on: date, unpaid: int | None = None) -> int | None:
    """The sum from which a tax, or a bill of local taxes as a whole, is collected, if what is asked stays below it.

    `amounts` is what is asked by tax, of which `unpaid` is left together; zero is too little of nothing. `on` is
    the day on which liability arose.
    """
    together = {ALL: sum(amounts.values()) if unpaid is None else unpaid}
    for tax, won in amounts.items():
        if tax in TABLES:
            together[TABLES[tax]] = together.get(TABLES[tax], 0) + won
    for name, won in together.items():
        try:
            smallest: int = tables.at(name, on).body["smallest_bill"]
        except NoTableForDate:  # this city collects the smallest sum
            continue
        if 0 < won < smallest:
            return smallest
    return None
