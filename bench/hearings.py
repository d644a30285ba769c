"""A year of the court: 2,000 cases, 18 sittings, nine rooms; how long a plan takes, and how good it surely is."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from appeals.rules.calendar import Hearing, Limits, Question, Session, Weights, faults, plan, rooms_apart
from bench.figures import Figure

CASES: Final = 2_000
MOST_SECONDS: Final = 60.0
MOST_PERCENT: Final = 1.0
# What is given to the solver, of the minute.
SECONDS: Final = 50.0
WEIGHTS: Final = Weights(late_day=100_000, waited=1, apart=300)
SITTINGS: Final = 18
FIRST: Final = date(2026, 1, 14)
DISTRICTS: Final = tuple(f"district-{number}" for number in range(25))
TAXES: Final = {"acquisition": 25, "property": 30, "automobile": 15, "local_income": 15, "resident": 5, "licence": 10}
MINUTES: Final = {"acquisition": 30, "local_income": 30, "property": 20}
ADVOCATES: Final = 60
ROOMS: Final = (
    ("1", True, True),
    ("2", True, True),
    ("3", True, False),
    ("4", False, True),
    ("5", False, False),
    ("6", True, False),
    ("7", False, True),
    ("8", True, False),
    ("9", False, False),
)


def sessions() -> list[Session]:
    days = [FIRST + timedelta(days=21 * number) for number in range(SITTINGS)]
    return [
        Session(
            key=f"{day}/{part}/{room}",
            day=day,
            part=part,
            room=room,
            minutes=minutes,
            step_free=step_free,
            remote=remote,
        )
        for day in days
        for part, minutes in (("am", 150), ("pm", 240))
        for room, step_free, remote in ROOMS
    ]


def hearings(*, count: int = CASES, seed: int = 20_080_401) -> Iterator[Hearing]:
    """Cases over a year, more of them when property tax has been billed; whose answers and papers take three weeks."""
    by_lot = random.Random(seed)
    span = 21 * SITTINGS - 45
    for number in range(count):
        peak = by_lot.random() < 0.1
        received = (
            FIRST - timedelta(days=40) + timedelta(days=by_lot.randrange(200, 290) if peak else by_lot.randrange(span))
        )
        tax = "property" if peak else by_lot.choices(list(TAXES), list(TAXES.values()))[0]
        speaks = by_lot.choice(("en", "zh", "vi")) if by_lot.random() < 0.03 else ""
        people = {f"advocate-{by_lot.randrange(ADVOCATES)}"}
        if speaks:
            people.add(f"interpreter-{speaks}")
        yield Hearing(
            key=f"case-{number}",
            minutes=MINUTES.get(tax, 15) + (10 if speaks else 0),
            tax=tax,
            district=by_lot.choice(DISTRICTS),
            received=received,
            earliest=received + timedelta(days=24),
            decide_by=received + timedelta(days=90),
            people=frozenset(people),
            away=frozenset(one.day for one in sessions()[:: 2 * len(ROOMS)] if by_lot.random() < 0.04),
            step_free=by_lot.random() < 0.05,
            remote=by_lot.random() < 0.08,
        )


def limits() -> Limits:
    most = {f"advocate-{number}": 8 for number in range(ADVOCATES)}
    return Limits(a_day=most, at_once={"interpreter-en": 2, "interpreter-zh": 2})


def figures() -> Iterator[Figure]:
    """Seconds against the minute that a clerk waits; percent by which another calendar could be better, against one."""
    cases, rooms, own = list(hearings()), sessions(), limits()
    asked = Question(hearings=cases, sessions=rooms, limits=own, weights=WEIGHTS)
    begun = time.perf_counter()
    made = plan(asked=asked, seconds=SECONDS, workers=2)
    took = time.perf_counter() - begun
    assert not faults(hearings=cases, sessions=rooms, limits=own, places=made.places)
    apart = rooms_apart(asked=asked, places=made.places)
    print(
        f"bench: {len(made.places)} cases have a place, {apart} rooms beside the first of their kind", file=sys.stderr
    )
    yield Figure("hearing_calendar_seconds", took, "s", MOST_SECONDS)
    yield Figure("hearing_calendar_gap_percent", made.gap_percent, "%", MOST_PERCENT)


if __name__ == "__main__":
    for figure in figures():
        print(figure.line(), flush=True)
