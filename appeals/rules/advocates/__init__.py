"""Which special tax advocate (세무변호인) stands beside which petitioner: exact, explained, repeatable by anybody."""

from appeals.rules.advocates.assign import Assignment, assign, run, told
from appeals.rules.advocates.bars import Bar, barred
from appeals.rules.advocates.explain import Because, Fairness, Line, Why, explain, fairness
from appeals.rules.advocates.facts import Advocate, AdvocateRules, BadFacts, Brief, read_facts, told_facts

__all__ = [
    "Advocate",
    "AdvocateRules",
    "Assignment",
    "BadFacts",
    "Bar",
    "Because",
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
    "told",
    "told_facts",
]
