"""Who stands beside which petitioner: exact, never somebody who may not, explained, the same for who repeats it."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appeals.rules.advocates import (
    Advocate,
    AdvocateRules,
    Assignment,
    BadFacts,
    Bar,
    Brief,
    assign,
    barred,
    explain,
    fairness,
    read_facts,
    run,
    told_facts,
)
from appeals.rules.advocates.assign import load_cost, misfit
from appeals.rules.advocates.explain import Because

RULES = AdvocateRules(misfit=(12, 6, 2, 0), load=3)
FROM, UNTIL = date(2026, 3, 2), date(2026, 6, 1)
TAXES = ("property", "acquisition")


def an_advocate(mark: str, **facts: object) -> Advocate:
    known: dict[str, object] = {"knows": {"property": 3}, "district": "", "team": "", "running": 0, "most": 5}
    return Advocate(mark=mark, **(known | facts))  # type: ignore[arg-type]


def a_case(mark: str, **facts: object) -> Brief:
    known: dict[str, object] = {
        "tax": "property",
        "district": "jongno",
        "team": "jongno/2",
        "begins": FROM,
        "ends": UNTIL,
    }
    return Brief(mark=mark, **(known | facts))  # type: ignore[arg-type]


@st.composite
def draws(draw: st.DrawFn, most: int = 4) -> tuple[list[Brief], list[Advocate]]:
    names = [f"a{number}" for number in range(draw(st.integers(1, most)))]
    some = st.frozensets(st.sampled_from(names), max_size=2)
    district = st.sampled_from(["", "jongno", "mapo"])
    pool = [
        an_advocate(
            name,
            knows=draw(st.dictionaries(st.sampled_from(TAXES), st.integers(1, 3))),
            district=draw(district),
            running=draw(st.integers(0, 2)),
            most=draw(st.integers(0, 4)),
            absent=draw(st.sampled_from([(), ((UNTIL, UNTIL),)])),
        )
        for name in names
    ]
    cases = [
        a_case(
            f"c{number}",
            tax=draw(st.sampled_from(TAXES)),
            district=draw(district),
            touched=draw(some),
            conflicts=draw(some),
            refused=draw(some),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    return cases, pool


def cost(assignment: Assignment) -> tuple[int, int]:
    """Cases left without anybody, then what the rest costs."""
    by_mark = {one.mark: one for one in assignment.pool}
    total = sum(
        misfit(case, by_mark[chosen], assignment.rules)
        for case in assignment.cases
        if (chosen := assignment.chosen[case.mark]) is not None
    )
    for one in assignment.pool:
        total += sum(load_cost(one, nth, assignment.rules) for nth in range(1, assignment.given(one.mark) + 1))
    return sum(1 for one in assignment.chosen.values() if one is None), total


def every_assignment(made: Assignment) -> list[Assignment]:
    options = [[None, *(one.mark for one in made.pool if barred(case, one) is None)] for case in made.cases]
    found = []
    for choice in product(*options):
        chosen = dict(zip([case.mark for case in made.cases], choice, strict=True))
        other = Assignment(cases=made.cases, pool=made.pool, rules=made.rules, chosen=chosen, bars=made.bars)
        if all(other.given(one.mark) <= max(0, one.most - one.running) for one in made.pool):
            found.append(other)
    return found


@settings(max_examples=40, deadline=None)
@given(draws(), st.binary(min_size=32, max_size=32))
def test_nobody_who_may_not_is_chosen_and_nothing_cheaper_exists(
    world: tuple[list[Brief], list[Advocate]], seed: bytes
) -> None:
    cases, pool = world
    made = assign(cases=cases, pool=pool, rules=RULES, seed=seed)
    for case in cases:
        chosen = made.chosen[case.mark]
        if chosen is not None:
            assert barred(case, next(one for one in pool if one.mark == chosen)) is None
    assert cost(made) == min(cost(other) for other in every_assignment(made))


@settings(max_examples=20, deadline=None)
@given(draws(), st.binary(min_size=32, max_size=32))
def test_whoever_repeats_it_from_the_published_facts_gets_the_same(
    world: tuple[list[Brief], list[Advocate]], seed: bytes
) -> None:
    cases, pool = world
    made = assign(cases=cases, pool=pool, rules=RULES, seed=seed)
    facts = told_facts(cases=reversed(cases), pool=reversed(pool), rules=RULES)
    assert run(facts, seed) == made.chosen
    assert run(facts, seed) == made.chosen


def test_each_reason_against_somebody_is_named_the_gravest_first() -> None:
    case = a_case("c", touched=frozenset({"a"}), conflicts=frozenset({"a", "b"}), refused=frozenset({"c"}))
    assert barred(case, an_advocate("a", district="jongno")) == Bar.TOUCHED
    assert barred(case, an_advocate("b")) == Bar.CONFLICT
    assert barred(case, an_advocate("c")) == Bar.REFUSED
    assert barred(case, an_advocate("d", district="jongno")) == Bar.DISTRICT
    assert barred(case, an_advocate("d", team="jongno/2", district="jongno")) == Bar.TEAM
    assert barred(case, an_advocate("d", absent=((UNTIL, date(2026, 7, 1)),))) == Bar.ABSENT
    assert barred(case, an_advocate("d", absent=((date(2026, 6, 2), date(2026, 7, 1)),))) is None


def test_expertise_decides_until_loads_weigh_more() -> None:
    expert, other = an_advocate("expert"), an_advocate("other", knows={})
    made = assign(cases=[a_case(f"c{n}") for n in range(6)], pool=[expert, other], rules=RULES, seed=bytes(32))
    assert (made.given("expert"), made.given("other")) == (5, 1)
    report = fairness(made)
    assert (report.best, report.spread, report.nobody) == (5, 4, 0)


def test_a_petitioner_is_told_why_this_one_and_why_no_other() -> None:
    pool = [
        an_advocate("best"),
        an_advocate("busy", running=4),
        an_advocate("full", running=5),
        an_advocate("learner", knows={"property": 1}),
        an_advocate("neighbour", district="jongno"),
    ]
    made = assign(cases=[a_case("c")], pool=pool, rules=RULES, seed=bytes(32))
    told = {why.mark: why.reason for why in explain(assignment=made, case="c")}
    assert told == {
        "best": None,
        "busy": Because.LOAD,
        "full": Because.FULL,
        "learner": Because.EXPERTISE,
        "neighbour": Bar.DISTRICT,
    }


def test_between_equals_the_lot_decides_and_every_one_of_them_is_drawn_by_some_seed() -> None:
    pool = [an_advocate(name) for name in ("a", "b", "c")]
    drawn = {
        assign(cases=[a_case("c")], pool=pool, rules=RULES, seed=bytes([number]) * 32).chosen["c"]
        for number in range(16)
    }
    assert drawn == {"a", "b", "c"}
    made = assign(cases=[a_case("c")], pool=pool, rules=RULES, seed=bytes(32))
    assert [why.reason for why in explain(assignment=made, case="c")] == [None, Because.LOT, Because.LOT]


def test_a_case_for_which_nobody_is_free_is_left_and_the_others_are_not() -> None:
    made = assign(
        cases=[a_case("mine", district="mapo"), a_case("theirs", touched=frozenset({"a"}))],
        pool=[an_advocate("a")],
        rules=RULES,
        seed=bytes(32),
    )
    assert made.chosen == {"mine": "a", "theirs": None}


@pytest.mark.parametrize(
    "wrong",
    [{"running": -1}, {"most": 5000}, {"knows": {"property": 4}}, {"knows": {"property": 0}}],
)
def test_nonsense_about_an_advocate_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadFacts):
        told_facts(cases=[], pool=[an_advocate("a", **wrong)], rules=RULES)


def test_facts_that_lack_something_or_name_one_twice_are_refused() -> None:
    with pytest.raises(BadFacts):
        read_facts({"cases": [], "pool": []})
    with pytest.raises(BadFacts, match="one advocate"):
        told_facts(cases=[], pool=[an_advocate("a"), an_advocate("a")], rules=RULES)


def test_nobody_speaks_in_two_rooms_at_once() -> None:
    cases = [a_case("c0", clashes=frozenset({"c1"})), a_case("c1", clashes=frozenset({"c0"})), a_case("c2")]
    found = assign(cases=cases, pool=[an_advocate("a0")], rules=RULES, seed=b"s" * 32)
    assert [found.chosen[one] for one in ("c0", "c1")].count("a0") == 1
    assert found.chosen["c2"] == "a0"
    two = assign(cases=cases, pool=[an_advocate("a0"), an_advocate("a1")], rules=RULES, seed=b"s" * 32)
    assert {two.chosen["c0"], two.chosen["c1"]} == {"a0", "a1"}
    other = next(why for why in explain(assignment=two, case="c0") if not why.chosen)
    assert other.reason == Because.CLASH
    away = a_case("c3", elsewhere=frozenset({"a0"}))
    assert barred(away, an_advocate("a0")) == Bar.ELSEWHERE
    facts = told_facts(cases=[*cases, away], pool=[an_advocate("a0")], rules=RULES)
    assert read_facts(facts)[0][-1].elsewhere == {"a0"}
    for told in facts["cases"]:
        del told["elsewhere"], told["clashes"]
    assert read_facts(facts)[0][0].clashes == frozenset(), "a draw of before can still be repeated"
