"""Tables of the open tax court."""

from appeals.models.case import Case, Entry, Evidence, Letter, Mending
from appeals.models.committee import Absence, Commission, Member, Recusal
from appeals.models.draw import Draw, DrawMark, DrawSecret
from appeals.models.panel import BenchSeat, Listed, Note, Panel, Signature, Tally, Vote
from appeals.models.ruling import Ruling

__all__ = [
    "Absence",
    "BenchSeat",
    "Case",
    "Commission",
    "Draw",
    "DrawMark",
    "DrawSecret",
    "Entry",
    "Evidence",
    "Letter",
    "Listed",
    "Member",
    "Mending",
    "Note",
    "Panel",
    "Recusal",
    "Ruling",
    "Signature",
    "Tally",
    "Vote",
]
