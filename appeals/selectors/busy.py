"""Who has to be elsewhere when a case is heard whose hearing is set already. For the worker, which sees all of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from appeals.models import Slot, SlotPerson
from appeals.states import CURRENT
from core import clock

Hearing = tuple[datetime, datetime]


def busy_at_hearings(
    *, case_ids: Collection[int], absences: Mapping[int, Collection[tuple[date, date]]], most: int
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Of the advocates that are named in `absences` who can't speak in each case when it is heard: they are in a room,
    or away that day, or have `most` cases on it; and of each case those that are heard meanwhile."""
    hearings = _hearings(case_ids)
    taken = _taken(absences)
    busy: dict[int, set[int]] = {}
    for case_id, hearing in hearings.items():
        day = clock.local_date(hearing[0])
        busy[case_id] = {
            officer
            for officer, away in absences.items()
            if any(first <= day <= last for first, last in away)
            or any(_at_once(hearing, other) for other in taken[officer])
            or Counter(clock.local_date(begins) for begins, _ in taken[officer])[day] >= most
        }
    beside = {
        case_id: {other for other in hearings if other != case_id and _at_once(hearing, hearings[other])}
        for case_id, hearing in hearings.items()
    }
    return busy, beside


def _hearings(case_ids: Collection[int]) -> dict[int, Hearing]:
    slots = Slot.objects.filter(case_id__in=case_ids, status__in=CURRENT).select_related("session")
    return {
        slot.case_id: (
            slot.session.begins + timedelta(minutes=slot.minute),
            slot.session.begins + timedelta(minutes=slot.minute + slot.lasts),
        )
        for slot in slots
    }


def _taken(officers: Collection[int]) -> dict[int, list[Hearing]]:
    marks = {f"advocate:{one}": one for one in officers}
    rows = SlotPerson.objects.filter(mark__in=marks, slot__status__in=CURRENT)
    found: dict[int, list[Hearing]] = defaultdict(list)
    for mark, begins, ends in rows.values_list("mark", "starts", "ends"):
        found[marks[mark]].append((begins, ends))
    return found


def _at_once(one: Hearing, other: Hearing) -> bool:
    return one[0] < other[1] and other[0] < one[1]
