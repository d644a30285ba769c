"""What a panel is drawn from: the committee's members by marks, the rules, and who may not sit over which case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

MOST_MEMBERS: Final = 100
MOST_CASES: Final = 400


class BadPanelFacts(ValueError):
    """Facts that no panel is drawn from; the text names what is wrong."""


class Profession(StrEnum):
    JUDGE = "judge"
    LAWYER = "lawyer"
    ACCOUNTANT = "accountant"
    TAX_ACCOUNTANT = "tax_accountant"
    PROFESSOR = "professor"
    OFFICIAL = "official"


@dataclass(frozen=True, kw_only=True)
class Member:
    """Of the committee. `commissioned` (위촉위원): from outside, from `begins` to `ends`; else an official by office.
    `absent`: they said that they can't come to this sitting."""

    mark: str
    profession: Profession
    commissioned: bool
    begins: date
    ends: date
    absent: bool = False

    def serves_on(self, day: date) -> bool:
        return self.begins <= day <= self.ends and not self.absent


@dataclass(frozen=True, kw_only=True)
class Share:
    """At least and at most so many of a profession among all who sit."""

    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class PanelRules:
    """`seats`: chair and vice-chair included, 11 or 9. More than half of them are commissioned, in every panel."""

    seats: int
    shares: Mapping[Profession, Share]


@dataclass(frozen=True, kw_only=True)
class PanelFacts:
    """`excluded`: case to marks of those who may not sit over it: they supervised the levy (제척), were challenged
    with success (기피) or withdrew (회피). Chair and vice-chair sit by their office; who of them is excluded from a
    case leaves the table for it (`quorum.standing`)."""

    day: date
    chair: Member
    vice: Member
    members: tuple[Member, ...]
    excluded: Mapping[str, frozenset[str]]
    rules: PanelRules

    @property
    def barred(self) -> frozenset[str]:
        """Who is excluded from any of the cases: they are not drawn."""
        return frozenset().union(*self.excluded.values())


def told_facts(facts: PanelFacts) -> dict[str, Any]:
    """As they are published and hashed, in an order that says nothing. Raises `BadPanelFacts`."""
    told = {
        "day": facts.day.isoformat(),
        "chair": _told_member(facts.chair),
        "vice": _told_member(facts.vice),
        "members": [_told_member(one) for one in sorted(facts.members, key=lambda one: one.mark)],
        "excluded": {case: sorted(marks) for case, marks in sorted(facts.excluded.items())},
        "rules": {
            "seats": facts.rules.seats,
            "shares": {one.value: [share.least, share.most] for one, share in sorted(facts.rules.shares.items())},
        },
    }
    read_facts(told)
    return told


def read_facts(told: Mapping[str, Any]) -> PanelFacts:
    """As they were published. Raises `BadPanelFacts`."""
    try:
        facts = PanelFacts(
            day=date.fromisoformat(told["day"]),
            chair=_read_member(told["chair"]),
            vice=_read_member(told["vice"]),
            members=tuple(_read_member(raw) for raw in told["members"]),
            excluded={str(case): frozenset(marks) for case, marks in told["excluded"].items()},
            rules=PanelRules(
                seats=int(told["rules"]["seats"]),
                shares={
                    Profession(one): Share(least=int(least), most=int(most))
                    for one, (least, most) in told["rules"]["shares"].items()
                },
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadPanelFacts(f"{type(error).__name__}: {error}") from error
    _check(facts)
    return facts


def _check(facts: PanelFacts) -> None:
    marks = [facts.chair.mark, facts.vice.mark, *(one.mark for one in facts.members)]
    if len(set(marks)) != len(marks):
        raise BadPanelFacts("a mark stands for one member, and who presides is not drawn")
    if len(marks) > MOST_MEMBERS or len(facts.excluded) > MOST_CASES:
        raise BadPanelFacts(f"at most {MOST_MEMBERS} members and {MOST_CASES} cases")
    if not 3 <= facts.rules.seats <= MOST_MEMBERS or facts.rules.seats % 2 == 0:
        raise BadPanelFacts(f"a panel has an odd number of seats, not {facts.rules.seats}")


def _told_member(one: Member) -> dict[str, Any]:
    return {
        "mark": one.mark,
        "profession": one.profession.value,
        "commissioned": one.commissioned,
        "begins": one.begins.isoformat(),
        "ends": one.ends.isoformat(),
        "absent": one.absent,
    }


def _read_member(raw: Mapping[str, Any]) -> Member:
    return Member(
        mark=str(raw["mark"]),
        profession=Profession(raw["profession"]),
        commissioned=bool(raw["commissioned"]),
        begins=date.fromisoformat(raw["begins"]),
        ends=date.fromisoformat(raw["ends"]),
        absent=bool(raw["absent"]),
    )
