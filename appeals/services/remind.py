"""Worker: each side is reminded of what binds it before its time is over, once for each day that it is due on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from appeals.models import Entry
from appeals.selectors.due import due_in, near
from appeals.states import Event, Side
from billing.selectors.city import dated_tables
from core import clock

TABLE: Final = "appeal_reminders"


def remind(*, at: datetime) -> int:
    """Enter reminders in the dockets of cases in which something is due within the city's days; how many.

    The letter follows from the line (`write_letters`). The database keeps a line of its kind from standing there twice,
    so that this may die anywhere, or run twice at once.
    """
    today = clock.local_date(at)
    days: dict[str, int] = dated_tables().at(TABLE, today).body["days_before"]
    known = set(Entry.objects.filter(event=Event.REMINDED).values_list("case_id", "text"))
    new = [
        Entry(case=one.case, event=Event.REMINDED, side=Side.SYSTEM, at=at, text=one.mark)
        for one in due_in(near(at=at), at=at)
        if 0 <= one.deadline.left(today) <= days[one.deadline.code] and (one.case.pk, one.mark) not in known
    ]
    Entry.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
