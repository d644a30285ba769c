"""Quorum and majority (의사정족수, 의결정족수): more than half of the seats, then more than half of those present.

Framework Act on Local Taxes (지방세기본법), article 147. Who is excluded (제척), was challenged with success (기피) or
withdrew (회피) is not at the table for that case: the seats stay as many as they were, and they count neither as
present nor as votes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from appeals.rules.panels.facts import Member


class Leaving(StrEnum):
    """Why a member leaves the table for a case. Decree of the Framework Act, article 85."""

    EXCLUDED = "excluded"  # 제척: by law, such as who supervised the levy
    CHALLENGED = "challenged"  # 기피: a party asked for it, and it was granted
    WITHDREW = "withdrew"  # 회피: of their own accord


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Of one case: `seats`, who is `present` and may decide, who `left` and why. `needed`: the quorum."""

    seats: int
    present: frozenset[str]
    left: Mapping[str, Leaving]
    needed: int

    @property
    def has_quorum(self) -> bool:
        return len(self.present) >= self.needed

    @property
    def votes_needed(self) -> int:
        return majority(len(self.present))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Votes of one question. `carried`: the outcome that a majority of those present is for, if there is one."""

    votes: Mapping[str, int]
    present: int
    carried: str | None


def quorum(seats: int) -> int:
    """How many must be there.

    >>> quorum(11), quorum(9)
    (6, 5)
    """
    return seats // 2 + 1


def majority(present: int) -> int:
    """How many of those present must be for it.

    >>> majority(6), majority(7), majority(11)
    (4, 4, 6)
    """
    return present // 2 + 1


def standing(*, panel: Collection[Member], present: Collection[str], left: Mapping[str, Leaving]) -> Standing:
    """Who decides a case. Raises KeyError where somebody is told to be there, or to have left, who does not sit."""
    seated = {one.mark for one in panel}
    for mark in (*present, *left):
        if mark not in seated:
            raise KeyError(mark)
    at_the_table = frozenset(present) - set(left)
    return Standing(seats=len(seated), present=at_the_table, left=dict(left), needed=quorum(len(seated)))


class UnableToCount(ValueError):
    """No votes are counted: there is no quorum, or somebody voted who is not at the table."""


def tally(*, of: Standing, votes: Mapping[str, str]) -> Tally:
    """Count votes (mark to outcome). Who is present and does not vote counts as present. Raises `UnableToCount`."""
    if not of.has_quorum:
        raise UnableToCount(f"{len(of.present)} present, {of.needed} needed")
    strangers = sorted(set(votes) - of.present)
    if strangers:
        raise UnableToCount(f"not at the table: {', '.join(strangers)}")
    counted: dict[str, int] = {}
    for outcome in votes.values():
        counted[outcome] = counted.get(outcome, 0) + 1
    carried = [outcome for outcome, count in counted.items() if count >= of.votes_needed]
    return Tally(votes=counted, present=len(of.present), carried=carried[0] if carried else None)
