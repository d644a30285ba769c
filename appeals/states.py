"""Every state of a case of the open tax court and of its ruling, and every way between them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Transitions


class Kind(TextChoices):
    """What is heard: an objection to a bill (이의신청), or beforehand whether it may be issued (과세전적부심사)."""

    OBJECTION = "objection", _("Objection")
    PRE_ASSESSMENT = "review", _("Pre-assessment review")


class Status(TextChoices):
    """A case: written by the petitioner, pending, being mended, decided, served; or ended otherwise.

    Late, undecided after 90 days, transferred: those are entries of its docket, and may hold at once.
    """

    DRAFT = "draft", _("Not filed yet")
    PENDING = "pending", _("Pending")
    MENDING = "mending", _("To be mended")
    DECIDED = "decided", _("Decided, to be served")
    SERVED = "served", _("Decided and served")
    WITHDRAWN = "withdrawn", pgettext_lazy("petition", "Withdrawn")
    DISCARDED = "discarded", _("Draft thrown away")


TRANSITIONS: Final = {
    Status.DRAFT: frozenset({Status.PENDING, Status.DISCARDED}),
    Status.PENDING: frozenset({Status.MENDING, Status.DECIDED, Status.WITHDRAWN}),
    Status.MENDING: frozenset({Status.PENDING, Status.DECIDED, Status.WITHDRAWN}),
    Status.DECIDED: frozenset({Status.SERVED}),
    Status.SERVED: frozenset[str](),
    Status.WITHDRAWN: frozenset[str](),
    Status.DISCARDED: frozenset[str](),
}
RUNNING: Final = (Status.PENDING, Status.MENDING)
# One case about a bill at a time; what was decided is not heard again here.
HOLDING: Final = (Status.DRAFT, *RUNNING, Status.DECIDED, Status.SERVED)
COLOURS: Final = {
    Status.DRAFT: "gray",
    Status.PENDING: "information",
    Status.MENDING: "warning",
    Status.DECIDED: "information",
    Status.SERVED: "success",
    Status.WITHDRAWN: "gray",
    Status.DISCARDED: "gray",
}


class Wish(TextChoices):
    """What the petitioner asks for (신청 취지)."""

    CANCEL = "cancel", _("Cancel the bill")
    REDUCE = "reduce", _("Reduce it")


class Side(TextChoices):
    """Who wrote an entry or brought a file."""

    PETITIONER = "petitioner", _("Petitioner")
    OFFICE = "office", _("Levying office")
    CLERK = "clerk", _("Clerk")
    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Committee")
    ADVOCATE = "advocate", _("Special tax advocate")
    SYSTEM = "system", _("ETAX")


class Event(TextChoices):
    """What a line of the docket (사건 기록) tells."""

    FILED = "filed", _("The petition was filed")
    LATE = "late", _("It was filed after the last day")
    CONTESTED = "contested", _("The bill is marked as contested; its collection goes on")
    FORWARDED = "forwarded", _("It was passed on to the authority that hears it")
    MENDING_ASKED = "mending_asked", _("The petitioner was asked to mend the petition")
    MENDED = "mended", _("The petition was mended")
    EVIDENCE = "evidence", _("A file was added")
    ANSWERED = "answered", _("The levying office answered")
    TRIBUNAL_OPEN = "tribunal_open", _("Undecided in time: the Tax Tribunal is open")
    PANEL_DRAWN = "panel_drawn", _("Who sits in the case was drawn")
    CHALLENGED = "challenged", _("The petitioner challenged a member of the committee")
    CHALLENGE_HELD = "challenge_held", _("The challenge succeeded: the member does not sit in the case")
    CHALLENGE_FELL = "challenge_fell", _("The challenge was refused")
    STEPPED_ASIDE = "stepped_aside", _("A member of the committee does not sit in the case")
    DRAFTED = "drafted", _("A ruling was drafted")
    SIGNED = "signed", _("The ruling was signed")
    SERVED = "served", _("The ruling was served")
    CARRIED_OUT = "carried_out", _("The bill was changed as the ruling says")
    REEXAMINED = "reexamined", _("The levying office examined it anew and served the result")
    NOT_CARRIED_OUT = "not_carried_out", _("The bill could not be changed; the clerk looks into it")
    WITHDRAWN = "withdrawn", _("The petition was withdrawn")
    HEARING_SET = "hearing_set", _("The hearing is set")
    HEARING_MOVED = "hearing_moved", _("The hearing is at another time or place")
    HEARING_LINK = "hearing_link", _("The link for attending from afar is there")
    HEARD = "heard", _("The case was heard")
    ADJOURNED = "adjourned", _("The hearing was adjourned to another day")
    ADVOCATE = "advocate", _("A special tax advocate stands beside the petitioner")
    ANOTHER = "another", _("The petitioner asked for another special tax advocate")
    ADVOCATE_LEFT = "advocate_left", _("The special tax advocate left the case; another one is drawn")
    BRIEF = "brief", _("The special tax advocate filed a brief")
    ASKED = "asked", _("The special tax advocate asked the levying office")
    REPLIED = "replied", _("The levying office replied to the special tax advocate")
    CORRECTED = "corrected", _("The levying office changed the bill by itself, by so many won")
    TRIBUNAL_SEIZED = "tribunal_seized", _("The Tax Tribunal was seized")
    LONGER = "longer", _("The decision takes up to 30 days longer")
    BILL_ISSUED = "bill_issued", _("The bill was issued as decided")
    BILL_DROPPED = "bill_dropped", _("No bill is issued")
    COUNSEL_ASKED = "counsel_asked", _("The petitioner asked for an appointed professional")
    COUNSEL_GIVEN = "counsel_given", _("A professional was appointed for the petitioner")
    COUNSEL_REFUSED = "counsel_refused", _("No professional was appointed")
    SEAL_ASKED = "seal_asked", _("A side asked for something to be sealed")
    SEALED = "sealed", _("The court sealed something")
    SEAL_REFUSED = "seal_refused", _("The court did not seal it")
    UNSEALED = "unsealed", _("The court opened a seal again")
    REMINDED = "reminded", _("Reminder of a deadline")
    POSTED = "posted", _("A registered letter was sent")
    UNDELIVERED = "undelivered", _("A registered letter was not delivered")
    PUBLIC_NOTICE = "public_notice", _("The ruling is served by public notice")


# What only the desks see.
INTERNAL: Final = (Event.DRAFTED, Event.NOT_CARRIED_OUT)


# What the petitioner is written to about.
TOLD: Final = (
    Event.FILED,
    Event.FORWARDED,
    Event.MENDING_ASKED,
    Event.ANSWERED,
    Event.TRIBUNAL_OPEN,
    Event.PANEL_DRAWN,
    Event.CHALLENGE_HELD,
    Event.CHALLENGE_FELL,
    Event.SERVED,
    Event.CARRIED_OUT,
    Event.REEXAMINED,
    Event.CORRECTED,
    Event.LONGER,
    Event.BILL_ISSUED,
    Event.BILL_DROPPED,
    Event.WITHDRAWN,
    Event.HEARING_SET,
    Event.HEARING_MOVED,
    Event.HEARING_LINK,
    Event.ADJOURNED,
    Event.ADVOCATE,
    Event.ADVOCATE_LEFT,
    Event.BRIEF,
    Event.REPLIED,
    Event.COUNSEL_GIVEN,
    Event.COUNSEL_REFUSED,
    Event.SEALED,
    Event.SEAL_REFUSED,
    Event.UNSEALED,
    Event.REMINDED,
)

# Lines that say when and where a case is heard: moment, room in Korean, room in English, reason.
HEARING: Final = (Event.HEARING_SET, Event.HEARING_MOVED)
# What the levying office is written to about as well: it explains the levy at the hearing (제92조).
TOLD_TO_OFFICE: Final = (*HEARING, Event.ADJOURNED, Event.HEARING_LINK)


class How(TextChoices):
    """How somebody was served (송달)."""

    SITE = "site", _("On this site")
    POST = "post", _("By registered mail")
    COUNTER = "counter", _("Handed over at the counter")
    PUBLIC = "public", _("By public notice")


# What somebody chooses from; a public notice has rules of its own.
CHOSEN_HOW: Final = (How.SITE, How.POST, How.COUNTER)


class DeliveryStatus(TextChoices):
    """A registered letter, or a public notice."""

    SENT = "sent", pgettext_lazy("letter", "On its way")
    DELIVERED = "delivered", pgettext_lazy("letter", "Delivered")
    RETURNED = "returned", pgettext_lazy("letter", "Came back")
    REFUSED = "refused", pgettext_lazy("letter", "Not taken")
    PUBLISHED = "published", pgettext_lazy("letter", "Published, its days run")
    OVER = "over", pgettext_lazy("letter", "Served by public notice")

    @classmethod
    def of_the_post(cls) -> tuple[str, ...]:
        return (cls.SENT, cls.DELIVERED, cls.RETURNED, cls.REFUSED)

    @classmethod
    def in_public(cls) -> tuple[str, ...]:
        return (cls.PUBLISHED, cls.OVER)

    @classmethod
    def proven(cls) -> tuple[str, ...]:
        return (cls.DELIVERED, cls.OVER)


# What the post says of a letter.
POST_SAYS: Final = (DeliveryStatus.DELIVERED, DeliveryStatus.RETURNED, DeliveryStatus.REFUSED)


class Outcome(TextChoices):
    """What a ruling says (결정): Framework Act on Local Taxes, article 96."""

    DISMISSED = "dismissed", pgettext_lazy("ruling", "Dismissed without being heard")
    REJECTED = "rejected", pgettext_lazy("ruling", "Rejected")
    CANCELLED = "cancelled", pgettext_lazy("ruling", "Upheld: the bill is cancelled")
    CORRECTED = "corrected", pgettext_lazy("ruling", "Upheld: the bill is corrected")
    REEXAMINE = "reexamine", pgettext_lazy("ruling", "To be examined anew by the levying office")


# The same in a pre-assessment review (지방세기본법 제88조 제5항).
OF_A_REVIEW: Final = {
    Outcome.DISMISSED: pgettext_lazy("review", "Not examined: it came late, or was not mended"),
    Outcome.REJECTED: pgettext_lazy("review", "Not adopted: the bill is issued as noticed"),
    Outcome.CANCELLED: pgettext_lazy("review", "Adopted: no bill is issued"),
    Outcome.CORRECTED: pgettext_lazy("review", "Adopted in part: a smaller bill is issued"),
    Outcome.REEXAMINE: pgettext_lazy("review", "To be examined anew by the levying office"),
}


def outcome_choices(kind: str) -> list[tuple[str, Any]]:
    """What a case of this kind can end in, in its own words."""
    if kind == Kind.PRE_ASSESSMENT:
        return [(outcome.value, label) for outcome, label in OF_A_REVIEW.items()]
    return list(Outcome.choices)


def outcome_label(kind: str, outcome: str) -> str:
    return str(dict(outcome_choices(kind))[outcome])


UPHELD: Final = (Outcome.CANCELLED, Outcome.CORRECTED)


class RulingStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    SERVED = "served", _("Served")


class Result(TextChoices):
    """What the levying office found when it examined a bill anew (재조사 결과)."""

    KEPT = "kept", pgettext_lazy("re-examination", "The bill stays as it is")
    REDUCED = "reduced", pgettext_lazy("re-examination", "The bill is reduced")
    CANCELLED = "cancelled", pgettext_lazy("re-examination", "The bill is cancelled")


class ResultStatus(TextChoices):
    """A result is written by one officer of the levying office, confirmed by another, then served."""

    WRITTEN = "written", pgettext_lazy("re-examination", "Waits for a second officer")
    CONFIRMED = "confirmed", pgettext_lazy("re-examination", "To be served")
    SERVED = "served", pgettext_lazy("re-examination", "Served")


class SlotStatus(TextChoices):
    """The minutes of a case: set, being heard, heard, adjourned to another day, or given back as the case ended."""

    SET = "set", pgettext_lazy("hearing", "Set")
    BEGUN = "begun", pgettext_lazy("hearing", "Being heard")
    HEARD = "heard", pgettext_lazy("hearing", "Heard")
    ADJOURNED = "adjourned", pgettext_lazy("hearing", "Adjourned")
    RELEASED = "released", pgettext_lazy("hearing", "Not held")


SLOT_TRANSITIONS: Final = {
    SlotStatus.SET: frozenset({SlotStatus.BEGUN, SlotStatus.ADJOURNED, SlotStatus.RELEASED}),
    SlotStatus.BEGUN: frozenset({SlotStatus.HEARD, SlotStatus.ADJOURNED}),
    SlotStatus.HEARD: frozenset[str](),
    SlotStatus.ADJOURNED: frozenset[str](),
    SlotStatus.RELEASED: frozenset[str](),
}
# A case has one of these at most.
CURRENT: Final = (SlotStatus.SET, SlotStatus.BEGUN)
SLOT_COLOURS: Final = {
    SlotStatus.SET: "information",
    SlotStatus.BEGUN: "success",
    SlotStatus.HEARD: "gray",
    SlotStatus.ADJOURNED: "warning",
    SlotStatus.RELEASED: "gray",
}


class PlanKind(TextChoices):
    ALL = "all", _("A place for every case that has none")
    ONE = "one", _("Another place for one case")


class PlanStatus(TextChoices):
    """A proposal of the solver: asked for, being made, ready to be looked at; then fixed, out of date, or dropped."""

    ASKED = "asked", pgettext_lazy("plan", "Waits for the solver")
    WORKING = "working", pgettext_lazy("plan", "Being made")
    READY = "ready", pgettext_lazy("plan", "Ready to be looked at")
    FIXED = "fixed", pgettext_lazy("plan", "Fixed")
    STALE = "stale", pgettext_lazy("plan", "Out of date")
    DROPPED = "dropped", pgettext_lazy("plan", "Dropped")
    FAILED = "failed", pgettext_lazy("plan", "Could not be made")


PLAN_TRANSITIONS: Final[Transitions] = {
    PlanStatus.ASKED: frozenset({PlanStatus.WORKING, PlanStatus.DROPPED}),
    PlanStatus.WORKING: frozenset({PlanStatus.WORKING, PlanStatus.READY, PlanStatus.FAILED, PlanStatus.DROPPED}),
    PlanStatus.READY: frozenset({PlanStatus.FIXED, PlanStatus.STALE, PlanStatus.DROPPED}),
    PlanStatus.FIXED: frozenset[str](),
    PlanStatus.STALE: frozenset[str](),
    PlanStatus.DROPPED: frozenset[str](),
    PlanStatus.FAILED: frozenset[str](),
}


class Speaker(TextChoices):
    """Who comes to a hearing and speaks (진술): the petitioner, the advocate, the officer who levied; and who helps."""

    PETITIONER = "petitioner", _("Petitioner")
    ADVOCATE = "advocate", _("Special tax advocate")
    OFFICE = "office", _("Officer who levied")
    INTERPRETER = "interpreter", _("Interpreter")
    OTHER = "other", _("Somebody else")


class Happening(TextChoices):
    """What happens in a hearing."""

    ATTENDS = "attends", _("Attendance")
    BEGUN = "begun", _("The hearing began")
    SAID = "said", _("Statement")
    ENDED = "ended", _("The hearing ended")
    ADJOURNED = "adjourned", _("The hearing was adjourned")


class Presence(TextChoices):
    PRESENT = "present", _("In the room")
    REMOTE = "remote", _("From afar")
    ABSENT = "absent", _("Did not come")


class SeatStatus(TextChoices):
    """A seat for the public: asked for, not confirmed yet; on the waiting list; given."""

    ASKED = "asked", pgettext_lazy("seat", "To be confirmed")
    WAITING = "waiting", pgettext_lazy("seat", "On the waiting list")
    SEATED = "seated", pgettext_lazy("seat", "Yours")


class SeatMail(TextChoices):
    """What is to be mailed about a seat."""

    CONFIRM = "confirm", "confirm"
    SEATED = "seated", "seated"
    CHANGED = "changed", "changed"
