"""What a hearing calendar is made from, and what it is: sessions with minutes, hearings with needs, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

# More at once are planned in parts.
MOST_HEARINGS: Final = 5_000
MOST_SESSIONS: Final = 1_000


class NoCalendar(RuntimeError):
    """The solver's time was over before it had any calendar: give it more, or plan fewer cases at once."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One room in one part of one sitting's day, and the minutes that can be booked in it."""

    key: str
    day: date
    part: str
    room: str
    minutes: int
    step_free: bool
    remote: bool


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """A case that is to be heard. `earliest`: the first day on which both sides can be ready and told in time;
    `decide_by`: the last day to decide; `people`: who has to be there (advocate, agent, interpreter), by marks; `away`:
    days that don't suit the petitioner."""

    key: str
    minutes: int
    tax: str
    district: str
    received: date
    earliest: date
    decide_by: date
    people: frozenset[str] = frozenset()
    away: frozenset[date] = frozenset()
    step_free: bool = False
    remote: bool = False

    @property
    def group(self) -> tuple[str, str]:
        """Heard together where that costs nobody more."""
        return self.tax, self.district

    def suits(self, day: date) -> bool:
        return day >= self.earliest and day not in self.away

    def fits(self, session: Session) -> bool:
        """Whether it could be held there, if the room had nothing else."""
        return (
            self.suits(session.day)
            and self.minutes <= session.minutes
            and (session.step_free or not self.step_free)
            and (session.remote or not self.remote)
        )


@dataclass(frozen=True, kw_only=True)
class Weights:
    """`late_day`: each day after the last one to decide; `waited`: each squared day from receipt to hearing; `apart`:
    each (day, tax, district)."""

    late_day: int
    waited: int
    apart: int

    def of_day(self, hearing: Hearing, day: date) -> int:
        """What it costs to hear a case on a day."""
        late = max(0, (day - hearing.decide_by).days)
        return self.late_day * late + self.waited * (day - hearing.received).days ** 2


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`a_day`: cases of somebody in one sitting, `at_once`: rooms in which somebody can be in one part of a day (a pool
    of interpreters has more than one head). Who is not named: no limit, and one room."""

    a_day: Mapping[str, int] = field(default_factory=dict)
    at_once: Mapping[str, int] = field(default_factory=dict)

    def rooms(self, person: str) -> int:
        return self.at_once.get(person, 1)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be planned, and with what."""

    hearings: Sequence[Hearing]
    sessions: Sequence[Session]
    limits: Limits
    weights: Weights


@dataclass(frozen=True, kw_only=True)
class Day:
    """The hearings and sessions of one day. `elsewhere`: what each would cost more on the next best day."""

    hearings: Sequence[Hearing]
    sessions: Sequence[Session]
    limits: Limits
    elsewhere: Mapping[str, int]

    def without(self, places: Mapping[str, str]) -> int:
        """What those cost who have no room."""
        return sum(self.elsewhere[one.key] for one in self.hearings if one.key not in places)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`places`: hearing to session, by keys; `left`: hearings for which no session was found. `cost` is what the plan
    costs, `bound` what every plan costs at least, both without what no plan could avoid."""

    places: Mapping[str, str]
    left: tuple[str, ...]
    cost: int
    bound: int

    @property
    def gap_percent(self) -> float:
        """How much better another plan could be at most, in percent of this one's cost; 0 when it is proven best."""
        return 100 * (self.cost - self.bound) / self.cost if self.cost else 0.0
