"""Drawing a panel: all members in the order of their lots, each seated unless the rules could then no longer be met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appeals.rules.panels.facts import Member, PanelFacts, PanelRules, Profession, read_facts
from core.drawing import drawn


class UnableToDrawPanel(ValueError):
    """Of those who may sit, no panel can be made that meets the rules. `why`: a sentence for the clerk."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Panel:
    """`seated`: those who were drawn, in the drawn order; `waiting`: who comes next, in that order."""

    chair: Member
    vice: Member
    seated: tuple[Member, ...]
    waiting: tuple[Member, ...]

    @property
    def all(self) -> tuple[Member, ...]:
        return (self.chair, self.vice, *self.seated)

    @property
    def commissioned(self) -> int:
        return sum(1 for one in self.all if one.commissioned)


def run(facts: Mapping[str, Any], seed: bytes) -> dict[str, list[str]]:
    """What a draw comes to, as it is published. For the replay."""
    panel = compose(facts=read_facts(facts), seed=seed)
    return {"seated": [one.mark for one in panel.seated], "waiting": [one.mark for one in panel.waiting]}


def compose(*, facts: PanelFacts, seed: bytes) -> Panel:
    """The panel that a seed gives. Raises `UnableToDrawPanel`. The order of the members changes nothing."""
    able = {one.mark: one for one in facts.members if one.serves_on(facts.day) and one.mark not in facts.barred}
    for presiding in (facts.chair, facts.vice):
        if not presiding.serves_on(facts.day):
            raise UnableToDrawPanel(f"{presiding.mark} presides and is not in office on {facts.day.isoformat()}")
    order = [able[mark] for mark in drawn(marks=list(able), seed=seed, places=len(able))]
    seated = _seat([facts.chair, facts.vice], order, facts.rules)
    taken = {one.mark for one in seated}
    waiting = tuple(one for one in order if one.mark not in taken)
    return Panel(chair=facts.chair, vice=facts.vice, seated=tuple(seated), waiting=waiting)


def replace(*, panel: Panel, leaver: str, rules: PanelRules, cannot: frozenset[str] = frozenset()) -> Panel:
    """The same panel with the next of the drawn order, who keeps the rules, in a leaver's seat; nobody else moves.

    `cannot`: who of those that wait may not sit now. Raises `UnableToDrawPanel`, KeyError for somebody not seated.
    """
    if leaver not in {one.mark for one in panel.seated}:
        raise KeyError(leaver)
    rest = [one for one in panel.seated if one.mark != leaver]
    for candidate in panel.waiting:
        if candidate.mark in cannot or shortfall([panel.chair, panel.vice, *rest, candidate], rules):
            continue
        seated = tuple(candidate if one.mark == leaver else one for one in panel.seated)
        waiting = tuple(one for one in panel.waiting if one is not candidate)
        return Panel(chair=panel.chair, vice=panel.vice, seated=seated, waiting=waiting)
    raise UnableToDrawPanel(f"nobody who waits can take the seat of {leaver}")


def shortfall(sitting: Sequence[Member], rules: PanelRules, among: Sequence[Member] = ()) -> str:
    """What can't be met any more when these sit and the empty seats are filled from `among`; empty if all can be.

    Of each profession commissioned members are counted first: its seats add one of them as long as it has some,
    whatever the other professions do, so no other way of filling them has more.
    """
    left = rules.seats - len(sitting)
    have = Counter(one.profession for one in sitting)
    outside = sum(1 for one in sitting if one.commissioned)
    least, spare, gain = 0, 0, 0
    for profession in Profession:
        share = rules.shares.get(profession)
        free = [one for one in among if one.profession == profession]
        needs = max(0, share.least - have[profession]) if share else 0
        most = min(len(free), share.most - have[profession]) if share else len(free)
        if most < needs or (share and have[profession] > share.most):
            return f"{profession.value}: {have[profession]} seated, {len(free)} free"
        commissioned = min(sum(1 for one in free if one.commissioned), most)
        outside += min(needs, commissioned)
        least, spare, gain = least + needs, spare + most - needs, gain + max(0, commissioned - needs)
    if not least <= left <= least + spare:
        return f"seats: {left} empty, from {least} to {least + spare} could be filled"
    if 2 * (outside + min(gain, left - least)) <= rules.seats:
        return f"commissioned: {outside + min(gain, left - least)} of {rules.seats} at most"
    return ""


def _seat(presiding: list[Member], order: list[Member], rules: PanelRules) -> list[Member]:
    if why := shortfall(presiding, rules, order):
        raise UnableToDrawPanel(why)
    seated: list[Member] = []
    for place, one in enumerate(order):
        if len(presiding) + len(seated) == rules.seats:
            break
        if not shortfall([*presiding, *seated, one], rules, order[place + 1 :]):
            seated.append(one)
    return seated
