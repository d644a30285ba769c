"""Who may not be a case's advocate, whatever the numbers say."""

from __future__ import annotations

from enum import StrEnum

from appeals.rules.advocates.facts import Advocate, Brief


class Bar(StrEnum):
    """Why somebody is out of the question for a case, the gravest first."""

    TOUCHED = "touched"  # the audit trail says that they worked on the bill
    TEAM = "team"  # of the team that levied it
    DISTRICT = "district"  # of the district that levied it, or not to be given its cases
    CONFLICT = "conflict"  # they said that they are not free
    REFUSED = "refused"  # the petitioner asked for another
    ABSENT = "absent"
    ELSEWHERE = "elsewhere"  # in another room, or away, when the case is heard


def barred(case: Brief, advocate: Advocate) -> Bar | None:
    """The gravest reason against them, None where there is none. An empty district or team is nobody's."""
    found = {
        Bar.TOUCHED: advocate.mark in case.touched,
        Bar.TEAM: advocate.team == case.team != "",
        Bar.DISTRICT: case.district != "" and case.district in {advocate.district, *advocate.not_given},
        Bar.CONFLICT: advocate.mark in case.conflicts,
        Bar.REFUSED: advocate.mark in case.refused,
        Bar.ABSENT: advocate.away(case.begins, case.ends),
        Bar.ELSEWHERE: advocate.mark in case.elsewhere,
    }
    return next((bar for bar in Bar if found[bar]), None)
