"""Every state of a roll and of a bill, and every way from one to another."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class RollStatus(TextChoices):
    """A levy roll (부과대장) on its way to bills."""

    BROUGHT = "brought", _("Being checked")  # a worker reads the file, row by row, and computes the tax
    REFUSED = "refused", _("Refused")  # has bad rows; nothing of it was staged
    STAGED = "staged", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    ISSUING = "issuing", _("Being issued")
    ISSUED = "issued", _("Issued")
    CANCELLING = "cancelling", _("Being cancelled")  # two officers said so; jobs cancel its bills
    CANCELLED = "cancelled", _("Cancelled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ROLL_TRANSITIONS: Final[Transitions] = {
    RollStatus.BROUGHT: frozenset({RollStatus.STAGED, RollStatus.REFUSED, RollStatus.WITHDRAWN}),
    RollStatus.REFUSED: frozenset[str](),
    RollStatus.STAGED: frozenset({RollStatus.APPROVED, RollStatus.WITHDRAWN}),
    RollStatus.APPROVED: frozenset({RollStatus.ISSUING, RollStatus.WITHDRAWN}),
    RollStatus.ISSUING: frozenset({RollStatus.ISSUED}),
    RollStatus.ISSUED: frozenset({RollStatus.CANCELLING}),
    RollStatus.CANCELLING: frozenset({RollStatus.CANCELLED}),
    RollStatus.CANCELLED: frozenset[str](),
    RollStatus.WITHDRAWN: frozenset[str](),
}


class BillStatus(TextChoices):
    """The life of a bill (고지서). Whether it is paid is not a state: that follows from its payments."""

    DRAFT = "draft", _("Noticed, not issued yet")
    ISSUED = "issued", _("Issued")
    CANCELLED = "cancelled", _("Cancelled")
    REISSUED = "reissued", _("Replaced by another bill")
    WRITTEN_OFF = "written_off", _("Written off")
    PRESCRIBED = "prescribed", _("Prescribed")


class Standing(TextChoices):
    """How a bill in force stands, in the words that people read."""

    PAID = "paid", _("Fully paid")
    DEFERRED = "deferred", _("Collection deferred")
    OVERDUE = "overdue", _("Overdue")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    TO_BE_PAID = "to_be_paid", _("To be paid")


COLOURS: Final = {
    Standing.PAID: "success",
    Standing.DEFERRED: "information",
    Standing.OVERDUE: "danger",
    Standing.PARTLY_PAID: "warning",
    Standing.TO_BE_PAID: "information",
}
OUT_OF_FORCE: Final = "gray"


BILL_TRANSITIONS: Final[Transitions] = {
    BillStatus.DRAFT: frozenset({BillStatus.ISSUED, BillStatus.CANCELLED}),
    BillStatus.ISSUED: frozenset(
        {BillStatus.CANCELLED, BillStatus.REISSUED, BillStatus.WRITTEN_OFF, BillStatus.PRESCRIBED}
    ),
    BillStatus.CANCELLED: frozenset[str](),
    BillStatus.REISSUED: frozenset[str](),
    # Property found later revives a written-off claim until it is prescribed (Collection Act, article 106).
    BillStatus.WRITTEN_OFF: frozenset({BillStatus.ISSUED, BillStatus.PRESCRIBED}),
    BillStatus.PRESCRIBED: frozenset[str](),
}


class ChangeKind(TextChoices):
    """What an officer may do to a bill that was issued."""

    REDUCE = "reduce", _("Reduced")
    CANCEL = "cancel", _("Cancellation")
    REISSUE = "reissue", _("Replaced by another bill")
    WRITE_OFF = "write_off", _("Written off")
    REVIVE = "revive", _("Taken up again after being written off")
    PRESCRIBE = "prescribe", _("Prescribed")
    DEFER = "defer", _("Collection deferred")
    INSTALMENTS = "instalments", _("To be paid in instalments")
    CONTEST = "contest", _("Contested")
    HOLD = "hold", _("Sale by auction put off")
    REMIND = "remind", _("Reminder served")
    SEIZE = "seize", _("Property seized")
    END = "end", _("Ended early")


class ChangeStatus(TextChoices):
    """A change above the threshold waits for a second officer; a worker carries out what makes new numbers."""

    PROPOSED = "proposed", _("Waiting for a second officer")
    DECIDED = "decided", _("Being carried out")
    DONE = "done", _("Done")
    REJECTED = "rejected", _("Rejected")


CHANGE_TRANSITIONS: Final[Transitions] = {
    ChangeStatus.PROPOSED: frozenset({ChangeStatus.DECIDED, ChangeStatus.REJECTED}),
    ChangeStatus.DECIDED: frozenset({ChangeStatus.DONE, ChangeStatus.REJECTED}),
    ChangeStatus.DONE: frozenset[str](),
    ChangeStatus.REJECTED: frozenset[str](),
}


class FactKind(TextChoices):
    """Facts beside a bill's state; any number may hold at once."""

    DEFERRAL = "deferral", _("Collection is deferred")
    INSTALMENTS = "instalments", _("Payment in instalments")
    CONTEST = "contest", _("Contested")
    HOLD = "hold", _("Sale by auction is put off")
    REMINDER = "reminder", _("Reminder with a last day to pay")
    SEIZURE = "seizure", _("Property is seized")


class ExtensionStatus(TextChoices):
    """An act that moves due dates for everybody."""

    PROPOSED = "proposed", _("Waiting for a second officer")
    DECIDED = "decided", _("Being carried out")
    DONE = "done", _("In force")
    REJECTED = "rejected", _("Rejected")


EXTENSION_TRANSITIONS: Final[Transitions] = {
    ExtensionStatus.PROPOSED: frozenset({ExtensionStatus.DECIDED, ExtensionStatus.REJECTED}),
    ExtensionStatus.DECIDED: frozenset({ExtensionStatus.DONE}),
    ExtensionStatus.DONE: frozenset[str](),
    ExtensionStatus.REJECTED: frozenset[str](),
}
