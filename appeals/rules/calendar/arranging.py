"""At which minute of its session a case is heard: beside those who were told, who stay if there is room between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

Minutes = tuple[int, int]


def gaps(*, minutes: int, taken: Iterable[Minutes]) -> Iterator[Minutes]:
    """What is free in a session: beginnings and lengths, in minutes.

    >>> list(gaps(minutes=60, taken=[(20, 10)]))
    [(0, 20), (30, 30)]
    """
    begins = 0
    for minute, lasts in sorted(taken):
        if minute > begins:
            yield begins, minute - begins
        begins = max(begins, minute + lasts)
    if begins < minutes:
        yield begins, minutes - begins


def arranged(
    *, minutes: int, there: Mapping[str, Minutes], coming: Sequence[tuple[str, int]], may_shift: bool
) -> dict[str, int]:
    """Where everybody begins in a session of so many `minutes`: who is `there` (begin, length), and who is `coming`
    (length), in this order. Those who are there stay unless nothing else makes room and they `may_shift`: then all
    follow each other without a gap. Who finds no room is not in the answer.

    >>> arranged(minutes=60, there={"a": (0, 20), "b": (40, 20)}, coming=[("c", 20)], may_shift=True)
    {'a': 0, 'b': 40, 'c': 20}
    >>> arranged(minutes=60, there={"a": (0, 20), "b": (30, 20)}, coming=[("c", 20)], may_shift=True)
    {'a': 0, 'b': 20, 'c': 40}
    >>> arranged(minutes=60, there={"a": (0, 20), "b": (30, 20)}, coming=[("c", 20)], may_shift=False)
    {'a': 0, 'b': 30}
    """
    taken = dict(there)
    for key, lasts in coming:
        begins = next((at for at, free in gaps(minutes=minutes, taken=taken.values()) if free >= lasts), None)
        if begins is not None:
            taken[key] = (begins, lasts)
    if len(taken) < len(there) + len(coming) and may_shift:
        return _in_a_row(minutes, [*((key, lasts) for key, (_, lasts) in _in_order(there)), *coming])
    return {key: begins for key, (begins, _) in taken.items()}


def _in_order(there: Mapping[str, Minutes]) -> list[tuple[str, Minutes]]:
    return sorted(there.items(), key=lambda item: item[1])


def _in_a_row(minutes: int, everybody: Iterable[tuple[str, int]]) -> dict[str, int]:
    found, begins = {}, 0
    for key, lasts in everybody:
        if begins + lasts <= minutes:
            found[key] = begins
            begins += lasts
    return found
