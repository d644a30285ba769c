"""The lines of a bill by name, for forms and pages of its decisions."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from appeals.selectors.anew import ResultShown
from appeals.selectors.facts import CaseDetail, RulingShown
from billing import selectors as bills
from core import clock


def lines_of_bill(bill_id: int) -> dict[int, tuple[str, int]]:
    """Names and sums of a bill's lines as they stand."""
    korean = (get_language() or "ko").startswith("ko")
    stands = bills.standing_amounts(bill_id=bill_id)
    today = bills.bill_on_day(bill_id=bill_id, on=clock.local_date(clock.now()))
    return {
        line.owed.line_id: (line.name_ko if korean else line.name_en, stands[line.owed.line_id])
        for line in today.lines
        if line.owed.line_id in stands
    }


def named_of_bill(bill_id: int, decided: Mapping[int, int]) -> list[tuple[str, int]]:
    """What a decision says each tax comes to."""
    if not decided:
        return []
    names = lines_of_bill(bill_id)
    return [(names[line][0], won) for line, won in decided.items() if line in names]


def lines_of(found: CaseDetail) -> dict[int, tuple[str, int]]:
    """Those of a case's bill."""
    return lines_of_bill(found.summary.bill_id)


def named_lines(found: CaseDetail, decision: RulingShown | ResultShown | None) -> list[tuple[str, int]]:
    """What a decision of a case says each tax comes to."""
    return named_of_bill(found.summary.bill_id, decision.lines if decision else {})
