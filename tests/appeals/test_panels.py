"""Who sits: drawn by a seed under the rules, nobody who is excluded; and when those at the table may decide."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from appeals.rules.panels import (
    BadPanelFacts,
    Leaving,
    Member,
    PanelFacts,
    PanelRules,
    Profession,
    Share,
    UnableToDrawPanel,
    compose,
    majority,
    quorum,
    read_facts,
    replace,
    run,
    standing,
    tally,
    told_facts,
)
from appeals.rules.panels.composing import shortfall
from appeals.rules.panels.quorum import UnableToCount

DAY = date(2026, 4, 15)
SHARES = {
    Profession.LAWYER: Share(least=2, most=5),
    Profession.TAX_ACCOUNTANT: Share(least=1, most=4),
    Profession.OFFICIAL: Share(least=0, most=4),
}
OUTSIDE = [one for one in Profession if one != Profession.OFFICIAL]


def a_member(mark: str, profession: Profession = Profession.LAWYER, **facts: object) -> Member:
    known: dict[str, object] = {
        "commissioned": profession != Profession.OFFICIAL,
        "begins": date(2025, 1, 1),
        "ends": date(2026, 12, 31),
    }
    return Member(mark=mark, profession=profession, **(known | facts))  # type: ignore[arg-type]


def a_committee(
    *professions: Profession, seats: int = 11, excluded: dict[str, frozenset[str]] | None = None
) -> PanelFacts:
    return PanelFacts(
        day=DAY,
        chair=a_member("chair", Profession.JUDGE),
        vice=a_member("vice", Profession.OFFICIAL),
        members=tuple(a_member(f"m{n}", one) for n, one in enumerate(professions)),
        excluded=excluded or {},
        rules=PanelRules(seats=seats, shares=SHARES),
    )


FULL = (
    [Profession.LAWYER] * 6 + [Profession.TAX_ACCOUNTANT] * 4 + [Profession.PROFESSOR] * 4 + [Profession.OFFICIAL] * 5
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(list(Profession)), max_size=24),
    st.sampled_from([9, 11]),
    st.frozensets(st.integers(0, 23).map(lambda n: f"m{n}"), max_size=6),
    st.binary(min_size=32, max_size=32),
)
def test_a_panel_keeps_every_rule_and_holds_nobody_who_is_excluded(
    professions: list[Profession], seats: int, excluded: frozenset[str], seed: bytes
) -> None:
    facts = a_committee(*professions, seats=seats, excluded={"case": excluded})
    able = [one for one in facts.members if one.mark not in excluded]
    try:
        panel = compose(facts=facts, seed=seed)
    except UnableToDrawPanel:
        assert shortfall([facts.chair, facts.vice], facts.rules, able)
        return
    assert len(panel.all) == seats
    assert 2 * panel.commissioned > seats
    assert not excluded & {one.mark for one in panel.seated}
    for profession, share in SHARES.items():
        assert share.least <= sum(1 for one in panel.all if one.profession == profession) <= share.most
    assert run(told_facts(changed(facts, members=facts.members[::-1])), seed)["seated"] == [
        one.mark for one in panel.seated
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(list(Profession)), min_size=7, max_size=9), st.sampled_from([9]))
def test_a_panel_that_could_sit_is_never_said_to_be_impossible(professions: list[Profession], seats: int) -> None:
    from itertools import combinations

    facts = a_committee(*professions, seats=seats)
    possible = any(
        not shortfall([facts.chair, facts.vice, *chosen], facts.rules)
        for chosen in combinations(facts.members, seats - 2)
    )
    if possible:
        assert len(compose(facts=facts, seed=bytes(32)).all) == seats
    else:
        with pytest.raises(UnableToDrawPanel):
            compose(facts=facts, seed=bytes(32))


def test_whoever_is_not_in_office_on_the_day_or_away_is_not_drawn() -> None:
    facts = a_committee(*FULL)
    over = a_member("over", ends=date(2026, 4, 14))
    away = a_member("away", absent=True)
    seen = set()
    for number in range(40):
        panel = compose(facts=changed(facts, members=(*facts.members, over, away)), seed=bytes([number]) * 32)
        seen |= {one.mark for one in panel.seated}
    assert seen == {one.mark for one in facts.members}


def test_a_committee_of_officials_can_not_sit() -> None:
    with pytest.raises(UnableToDrawPanel, match="lawyer"):
        compose(facts=a_committee(*[Profession.OFFICIAL] * 12), seed=bytes(32))


def test_who_presides_must_be_in_office() -> None:
    facts = a_committee(*FULL)
    with pytest.raises(UnableToDrawPanel, match="chair presides"):
        compose(facts=changed(facts, chair=changed(facts.chair, ends=date(2026, 1, 1))), seed=bytes(32))


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 8))
def test_who_leaves_is_replaced_by_the_next_and_nobody_else_moves(seed: bytes, seat: int) -> None:
    facts = a_committee(*FULL)
    before = compose(facts=facts, seed=seed)
    leaver = before.seated[seat]
    after = replace(panel=before, leaver=leaver.mark, rules=facts.rules)
    assert [one for one in after.seated if one in before.seated] == [one for one in before.seated if one != leaver]
    assert not shortfall(after.all, facts.rules)
    assert leaver not in (*after.seated, *after.waiting)


def test_nobody_takes_a_seat_when_nobody_waits() -> None:
    facts = a_committee(*[Profession.LAWYER] * 3, *[Profession.TAX_ACCOUNTANT] * 3, *[Profession.PROFESSOR] * 3)
    panel = compose(facts=facts, seed=bytes(32))
    with pytest.raises(UnableToDrawPanel):
        replace(panel=panel, leaver=panel.seated[0].mark, rules=facts.rules)
    with pytest.raises(KeyError):
        replace(panel=panel, leaver="stranger", rules=facts.rules)


def test_six_of_eleven_are_a_quorum_and_five_of_nine() -> None:
    assert (quorum(11), quorum(9)) == (6, 5)
    assert (majority(11), majority(6), majority(7)) == (6, 4, 4)


def test_a_recusal_can_break_the_quorum() -> None:
    facts = a_committee(*FULL)
    panel = compose(facts=facts, seed=bytes(32))
    came = [one.mark for one in panel.all][:6]
    whole = standing(panel=panel.all, present=came, left={})
    assert whole.has_quorum
    broken = standing(panel=panel.all, present=came, left={came[3]: Leaving.WITHDREW})
    assert (len(broken.present), broken.has_quorum) == (5, False)
    with pytest.raises(UnableToCount, match="5 present, 6 needed"):
        tally(of=broken, votes=dict.fromkeys(broken.present, "rejected"))


def test_a_majority_of_those_present_decides_and_a_tie_does_not() -> None:
    panel = compose(facts=a_committee(*FULL), seed=bytes(32))
    came = [one.mark for one in panel.all][:8]
    table = standing(panel=panel.all, present=came, left={})
    tied = tally(of=table, votes=dict(zip(came, ["rejected", "cancelled"] * 4, strict=True)))
    assert tied.carried is None
    carried = tally(of=table, votes=dict(zip(came, ["cancelled"] * 5 + ["rejected"] * 3, strict=True)))
    assert carried.carried == "cancelled"
    silent = tally(of=table, votes=dict.fromkeys(came[:4], "cancelled"))
    assert silent.carried is None, "four of eight present are no majority"


def test_who_left_the_table_does_not_vote() -> None:
    panel = compose(facts=a_committee(*FULL), seed=bytes(32))
    came = [one.mark for one in panel.all]
    table = standing(panel=panel.all, present=came, left={came[0]: Leaving.EXCLUDED})
    with pytest.raises(UnableToCount, match="chair"):
        tally(of=table, votes={came[0]: "cancelled"})
    with pytest.raises(KeyError):
        standing(panel=panel.all, present=["stranger"], left={})


@pytest.mark.parametrize("seats", [0, 1, 10, 101])
def test_a_panel_has_an_odd_number_of_seats(seats: int) -> None:
    with pytest.raises(BadPanelFacts, match="seats"):
        told_facts(a_committee(*FULL, seats=seats))


def test_facts_that_are_none_are_refused() -> None:
    told = told_facts(a_committee(*FULL))
    with pytest.raises(BadPanelFacts):
        read_facts({**told, "day": "soon"})
    with pytest.raises(BadPanelFacts, match="presides"):
        read_facts({**told, "vice": told["chair"]})


@given(st.integers(1, 99))
def test_two_outcomes_never_both_have_a_majority(present: int) -> None:
    assume(present > 0)
    assert 2 * majority(present) > present
