"""Tables of the open tax court."""

from appeals.models.advocate import (
    Advocacy,
    Advocate,
    AdvocateAbsence,
    AnotherAsked,
    Conflict,
    Declaration,
    DrawCase,
)
from appeals.models.case import Case, Entry, Evidence, Letter, Mending, Paged
from appeals.models.committee import Absence, Commission, Member, Recusal
from appeals.models.counsel import CounselRequest
from appeals.models.delivery import Delivery, Opened
from appeals.models.draw import Draw, DrawMark, DrawSecret
from appeals.models.figures import Answer, Figure, Satisfaction
from appeals.models.hearing import Calendar, CalendarPlan, Session, Slot, SlotPerson
from appeals.models.notice import Notice
from appeals.models.panel import BenchSeat, Listed, Note, Panel, Signature, Tally, Vote
from appeals.models.papers import AdvocateBrief, AdvocateNote, Talk, TimeSpent
from appeals.models.publication import Publication, PublishedCase
from appeals.models.reexamination import Reexamination
from appeals.models.ruling import Ruling
from appeals.models.running import Minutes, MinutesSigned, Moment, Seat
from appeals.models.sealing import Seal, SealReader
from appeals.models.sitting import BenchNotice, StandIn
from appeals.models.tribunal import Referral, ReferralFile

__all__ = [
    "Absence",
    "Advocacy",
    "Advocate",
    "AdvocateAbsence",
    "AdvocateBrief",
    "AdvocateNote",
    "AnotherAsked",
    "Answer",
    "BenchNotice",
    "BenchSeat",
    "Calendar",
    "CalendarPlan",
    "Case",
    "Commission",
    "Conflict",
    "CounselRequest",
    "Declaration",
    "Delivery",
    "Draw",
    "DrawCase",
    "DrawMark",
    "DrawSecret",
    "Entry",
    "Evidence",
    "Figure",
    "Letter",
    "Listed",
    "Member",
    "Mending",
    "Minutes",
    "MinutesSigned",
    "Moment",
    "Note",
    "Notice",
    "Opened",
    "Paged",
    "Panel",
    "Publication",
    "PublishedCase",
    "Recusal",
    "Reexamination",
    "Referral",
    "ReferralFile",
    "Ruling",
    "Satisfaction",
    "Seal",
    "SealReader",
    "Seat",
    "Session",
    "Signature",
    "Slot",
    "SlotPerson",
    "StandIn",
    "Talk",
    "Tally",
    "TimeSpent",
    "Vote",
]
