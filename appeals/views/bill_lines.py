"""The lines of a case's bill by name, for forms and pages of the office."""

from __future__ import annotations

from django.utils.translation import get_language

from appeals.selectors.anew import ResultShown
from appeals.selectors.facts import CaseDetail, RulingShown
from billing import selectors as bills
from core import clock


def lines_of(found: CaseDetail) -> dict[int, tuple[str, int]]:
    """Names and sums of the bill's lines as they stand."""
    bill_id, korean = found.summary.bill_id, (get_language() or "ko").startswith("ko")
    stands = bills.standing_amounts(bill_id=bill_id)
    today = bills.bill_on_day(bill_id=bill_id, on=clock.local_date(clock.now()))
    return {
        line.owed.line_id: (line.name_ko if korean else line.name_en, stands[line.owed.line_id])
        for line in today.lines
        if line.owed.line_id in stands
    }


def named_lines(found: CaseDetail, decision: RulingShown | ResultShown | None) -> list[tuple[str, int]]:
    """What a decision says each tax comes to."""
    if not decision or not decision.lines:
        return []
    names = lines_of(found)
    return [(names[line][0], won) for line, won in decision.lines.items() if line in names]
