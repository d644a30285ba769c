"""Tables of the open tax court."""

from appeals.models.case import Case, Entry, Evidence, Letter, Mending
from appeals.models.committee import Absence, Commission, Member, Recusal
from appeals.models.draw import Draw, DrawMark, DrawSecret
from appeals.models.hearing import Calendar, CalendarPlan, Session, Slot, SlotPerson
from appeals.models.panel import BenchSeat, Listed, Note, Panel, Signature, Tally, Vote
from appeals.models.ruling import Ruling
from appeals.models.running import Minutes, MinutesSigned, Moment, Seat

__all__ = [
    "Absence",
    "BenchSeat",
    "Calendar",
    "CalendarPlan",
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
    "Minutes",
    "MinutesSigned",
    "Moment",
    "Note",
    "Panel",
    "Recusal",
    "Ruling",
    "Seat",
    "Session",
    "Signature",
    "Slot",
    "SlotPerson",
    "Tally",
    "Vote",
]
