"""When and where cases are heard: never overbooked, legal days first, and how good the calendar surely is."""

from appeals.rules.calendar.check import faults
from appeals.rules.calendar.costs import cost_of, rooms_apart
from appeals.rules.calendar.facts import Hearing, Limits, Plan, Question, Session, Weights
from appeals.rules.calendar.moving import Change, change
from appeals.rules.calendar.planning import TooMuchAtOnce, plan

__all__ = [
    "Change",
    "Hearing",
    "Limits",
    "Plan",
    "Question",
    "Session",
    "TooMuchAtOnce",
    "Weights",
    "change",
    "cost_of",
    "faults",
    "plan",
    "rooms_apart",
]
