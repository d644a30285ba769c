"""The assignment itself, exact, by CP-SAT.

First the least cost: expertise, and loads that grow dearer with each case (so that they even out). Among all
assignments that cost so little, the one whose lots sum to least: the drawn seed gives each pair of case and advocate a
lot of 40 bits, so that there is one such assignment, and a replay does not depend on how a solver goes about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ortools.sat.python import cp_model

from appeals.rules.advocates.bars import Bar, barred
from appeals.rules.advocates.facts import Advocate, AdvocateRules, Brief, read_facts
from appeals.rules.solving import exact_solver
from core.drawing import lot

LOT_BITS: Final = 40


class NoExactAnswer(RuntimeError):
    """The solver proved nothing: nothing is assigned, rather than something that can't be repeated."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """`chosen`: each case's advocate, None where nobody was free; `bars`: who was out of the question."""

    cases: tuple[Brief, ...]
    pool: tuple[Advocate, ...]
    rules: AdvocateRules
    chosen: Mapping[str, str | None]
    bars: Mapping[tuple[str, str], Bar]

    def given(self, mark: str) -> int:
        """How many of these cases an advocate was given."""
        return sum(1 for one in self.chosen.values() if one == mark)


def run(facts: Mapping[str, Any], seed: bytes) -> dict[str, str | None]:
    """What a draw comes to: mark of case to mark of advocate. For the replay."""
    cases, pool, rules = read_facts(facts)
    return dict(assign(cases=cases, pool=pool, rules=rules, seed=seed).chosen)


def assign(*, cases: list[Brief], pool: list[Advocate], rules: AdvocateRules, seed: bytes) -> Assignment:
    """The one best assignment. Raises `NoExactAnswer`. The order of cases and pool changes nothing."""
    cases, pool = sorted(cases, key=lambda case: case.mark), sorted(pool, key=lambda one: one.mark)
    bars = {(case.mark, one.mark): bar for case in cases for one in pool if (bar := barred(case, one)) is not None}
    problem = _Problem(cases, pool, rules, bars)
    least = problem.least(problem.cost)
    problem.model.add(problem.cost == least)
    lots = sum(lot(seed=seed, about=pair, bits=LOT_BITS) * taken for pair, taken in sorted(problem.pairs.items()))
    problem.least(lots)
    return Assignment(cases=tuple(cases), pool=tuple(pool), rules=rules, chosen=problem.chosen(), bars=bars)


def told(facts: Mapping[str, Any], chosen: Mapping[str, str | None]) -> Assignment:
    """An assignment out of what was published of it, to be explained; nothing is solved. Raises `BadFacts`."""
    cases, pool, rules = read_facts(facts)
    bars = {(case.mark, one.mark): bar for case in cases for one in pool if (bar := barred(case, one)) is not None}
    return Assignment(cases=tuple(cases), pool=tuple(pool), rules=rules, chosen=dict(chosen), bars=bars)


def misfit(case: Brief, advocate: Advocate, rules: AdvocateRules) -> int:
    return rules.misfit[advocate.knows.get(case.tax, 0)]


def load_cost(advocate: Advocate, nth: int, rules: AdvocateRules) -> int:
    """What the n-th case of a draw (1 is the first) adds for an advocate with the cases that they had."""
    return rules.load * (advocate.running + nth - 1)


class _Problem:
    """Cases to advocates with dearer and dearer places: a transport problem, so its relaxation is whole-numbered, but
    for cases that are heard at one time."""

    def __init__(
        self, cases: list[Brief], pool: list[Advocate], rules: AdvocateRules, bars: Mapping[tuple[str, str], Bar]
    ) -> None:
        self.model = cp_model.CpModel()
        self.cases, self.pool = cases, pool
        self.solver = exact_solver()
        self.pairs = {
            (case.mark, one.mark): self.model.new_bool_var("")
            for case in cases
            for one in pool
            if (case.mark, one.mark) not in bars
        }
        self.nobody = {case.mark: self.model.new_bool_var("") for case in cases}
        self.cost = self._cost(rules)
        for case in cases:
            options = [taken for (mark, _), taken in self.pairs.items() if mark == case.mark]
            self.model.add_exactly_one([*options, self.nobody[case.mark]])
        self._nobody_in_two_rooms()

    def _nobody_in_two_rooms(self) -> None:
        for case in self.cases:
            for other in sorted(case.clashes):
                for one in self.pool:
                    both = [(mark, one.mark) for mark in (case.mark, other)]
                    if other > case.mark and all(pair in self.pairs for pair in both):
                        self.model.add_at_most_one(self.pairs[pair] for pair in both)

    def _cost(self, rules: AdvocateRules) -> cp_model.LinearExprT:
        by_mark = {case.mark: case for case in self.cases}
        terms: list[cp_model.LinearExprT] = []
        dearest = 1 + max(rules.misfit)
        for one in self.pool:
            own = [(by_mark[mark], taken) for (mark, advocate), taken in self.pairs.items() if advocate == one.mark]
            places = [self.model.new_bool_var("") for _ in range(min(len(own), max(0, one.most - one.running)))]
            self.model.add(sum(taken for _, taken in own) == sum(places))
            terms += [misfit(case, one, rules) * taken for case, taken in own]
            costs = [load_cost(one, nth, rules) for nth in range(1, len(places) + 1)]
            terms += [cost * place for cost, place in zip(costs, places, strict=True)]
            dearest = max([dearest, *(max(rules.misfit) + cost + 1 for cost in costs)])
        # Nobody costs more than anybody in everything: a case is left without only where nobody may or can take it.
        terms += [dearest * (len(self.cases) + 1) * one for one in self.nobody.values()]
        return sum(terms)

    def least(self, goal: cp_model.LinearExprT) -> int:
        self.model.minimize(goal)
        status = self.solver.solve(self.model)
        if status != cp_model.OPTIMAL:
            raise NoExactAnswer(str(status))
        return round(self.solver.objective_value)

    def chosen(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {case.mark: None for case in self.cases}
        found.update({case: one for (case, one), taken in self.pairs.items() if self.solver.boolean_value(taken)})
        return found
