"""Which special tax advocate (세무변호인) stands beside which petitioner: exact, explained, repeatable by anybody."""

from appeals.rules.advocates.assign import Assignment, assign, run
from appeals.rules.advocates.bars import Bar, barred
from appeals.rules.advocates.explain import Fairness, Line, Why, explain, fairness
from appeals.rules.advocates.facts import Advocate, AdvocateRules, BadFacts, Brief, read_facts, told_facts

__all__ = [
    "Advocate",
    "AdvocateRules",
    "Assignment",
    "BadFacts",
    "Bar",
    "Brief",
    "Fairness",
    "Line",
    "Why",
    "assign",
    "barred",
    "explain",
    "fairness",
    "read_facts",
    "run",
    "told_facts",
]
