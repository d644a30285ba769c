"""Who sits (심의위원회 회의): chair, vice-chair and those who are drawn; and when those who sit may decide."""

from appeals.rules.panels.composing import Panel, UnableToDrawPanel, compose, replace, run
from appeals.rules.panels.facts import (
    BadPanelFacts,
    Member,
    PanelFacts,
    PanelRules,
    Profession,
    Share,
    read_facts,
    told_facts,
)
from appeals.rules.panels.quorum import Leaving, Standing, Tally, majority, quorum, standing, tally

__all__ = [
    "BadPanelFacts",
    "Leaving",
    "Member",
    "Panel",
    "PanelFacts",
    "PanelRules",
    "Profession",
    "Share",
    "Standing",
    "Tally",
    "UnableToDrawPanel",
    "compose",
    "majority",
    "quorum",
    "read_facts",
    "replace",
    "run",
    "standing",
    "tally",
    "told_facts",
]
