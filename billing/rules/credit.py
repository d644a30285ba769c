"""Less to pay for electronic notice and automatic payment (전자송달·자동납부 세액공제)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from billing.rules.dated import DatedTables


def notice_credit(*, kinds: Collection[str], main: int, tables: DatedTables, on: date) -> int:
    """Won by which a regular bill issued on a day is lower if paid in time, at most its main tax.

    Restriction of Special Local Taxation Act, article 92-2: one sum for `e_notice` or `autopay`, another for both.
    Taxes on the main tax, as local education tax, are computed before it. Raises NoTableForDate.
    """
    if not kinds:
        return 0
    rule = tables.at("notice_credit", on).body
    won: int = rule["both"] if len(set(kinds)) > 1 else rule["one"]
    return min(won, main)
