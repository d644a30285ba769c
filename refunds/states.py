"""Every state of a refund (지방세환급금) and of a payment out of it, and every way between them."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class Status(TextChoices):
    """A refund: found, assessed by one officer, approved by others, paid. Unknown is never taken for a failure."""

    OPENED = "opened", _("To be assessed")
    ASSESSED = "assessed", _("Assessed")
    APPROVED = "approved", _("Approved")
    PAYING = "paying", _("Being paid")
    PAID = "paid", _("Paid back")
    RETURNED = "returned", _("Returned by the bank")
    UNKNOWN = "unknown", _("We are checking")
    REJECTED = "rejected", _("Rejected")
    LAPSED = "lapsed", _("Lapsed")  # the limitation has run out, or nothing of it is left


TRANSITIONS: Final[Transitions] = {
    Status.OPENED: frozenset({Status.ASSESSED, Status.REJECTED, Status.LAPSED}),
    Status.ASSESSED: frozenset({Status.OPENED, Status.APPROVED, Status.REJECTED, Status.LAPSED}),
    # Back to the beginning: what was approved is no longer so when the worker is about to pay it.
    Status.APPROVED: frozenset({Status.OPENED, Status.PAYING, Status.PAID, Status.LAPSED}),
    # Lapsed: the money was taken back before any of it left, or the bank sent back what was claimed back.
    Status.PAYING: frozenset({Status.PAID, Status.RETURNED, Status.UNKNOWN, Status.LAPSED}),
    Status.UNKNOWN: frozenset({Status.PAYING, Status.PAID, Status.RETURNED, Status.LAPSED}),
    Status.RETURNED: frozenset({Status.PAYING, Status.PAID, Status.UNKNOWN, Status.LAPSED}),
    Status.PAID: frozenset({Status.RETURNED, Status.LAPSED}),
    Status.REJECTED: frozenset({Status.OPENED}),
    Status.LAPSED: frozenset[str](),
}
# Nobody has decided to pay yet: the sums are those of today and change with every day.
UNDECIDED: Final = (Status.OPENED, Status.ASSESSED)
# Somebody has said something about it, and nothing has left: it can go back to the beginning.
OPEN_AGAIN: Final = (Status.ASSESSED, Status.APPROVED)
OVER: Final = (Status.PAID, Status.REJECTED, Status.LAPSED)


class Cause(TextChoices):
    """Why money goes back. The day from which interest runs hangs on it (`billing.rules.refund_interest`)."""

    PAID_TWICE = "paid_twice", _("Paid twice")
    PAID_BY_MISTAKE = "paid_by_mistake", _("Too much was paid")
    CORRECTED = "corrected", _("The bill was corrected")
    CANCELLED = "cancelled", _("The bill was cancelled")
    AMENDED = "amended", _("Corrected on the taxpayer's claim")
    YEAR_PAID_AHEAD = "year_paid_ahead", _("Vehicle sold or scrapped, its tax paid ahead")
    REDUCED = "reduced", _("Relief was granted")
    LAW_CHANGED = "law_changed", _("The law was changed")
    CLAIMED = "claimed", _("Applied for in a return")
    GRIEVANCE = "grievance", _("Corrected on a complaint")
    NO_TAX = "no_tax", _("Money that was for no bill")


# Whoever assesses a reduction says which it was; an overpayment is one whatever anybody says.
OF_A_CHANGE: Final = (
    Cause.CORRECTED,
    Cause.CANCELLED,
    Cause.AMENDED,
    Cause.YEAR_PAID_AHEAD,
    Cause.REDUCED,
    Cause.LAW_CHANGED,
    Cause.CLAIMED,
    Cause.GRIEVANCE,
)
OF_AN_OVERPAYMENT: Final = (Cause.PAID_TWICE, Cause.PAID_BY_MISTAKE)


class Told(TextChoices):
    """Who said why a reduction was made, so that no officer says something else (`sql/law.sql`)."""

    APPEAL = "appeal", _("A decision on an appeal")
    CLAIM = "claim", _("A claim by right that was granted")
    REQUEST = "request", _("A request that the office corrects its mistake")


class Origin(TextChoices):
    """Where the money stands in the books until a refund is approved; the values are `ledger.Purpose`'s."""

    OVERPAYMENT = "overpayment", _("Overpayment")
    PAYABLE = "refund_payable", _("Refund payable")


class Way(TextChoices):
    """How it goes back."""

    CARD = "card", _("To the card that paid")
    ACCOUNT = "account", _("To a bank account")
    SET_OFF = "set_off", _("Set off against another bill")
    DONATION = "donation", _("As a donation to the city")


class LegStatus(TextChoices):
    """One payment out. `WAITING`: for an account, or for the days that a changed account waits."""

    WAITING = "waiting", _("Waiting for an account")
    READY = "ready", _("Ready to be paid out")
    SENT = "sent", _("Sent")
    UNKNOWN = "unknown", _("We are checking")
    PAID = "paid", _("Paid out")
    RETURNED = "returned", _("Returned by the bank")
    REFUSED = "refused", _("Not carried out")


LEG_TRANSITIONS: Final[Transitions] = {
    LegStatus.WAITING: frozenset({LegStatus.READY, LegStatus.REFUSED}),
    LegStatus.READY: frozenset({LegStatus.WAITING, LegStatus.SENT, LegStatus.REFUSED}),
    LegStatus.SENT: frozenset({LegStatus.UNKNOWN, LegStatus.PAID, LegStatus.RETURNED, LegStatus.REFUSED}),
    LegStatus.UNKNOWN: frozenset({LegStatus.SENT, LegStatus.PAID, LegStatus.RETURNED, LegStatus.REFUSED}),
    LegStatus.PAID: frozenset({LegStatus.RETURNED}),
    LegStatus.RETURNED: frozenset[str](),
    LegStatus.REFUSED: frozenset[str](),
}
# What has left or may leave: counts against what is there.
HOLDING: Final = (LegStatus.WAITING, LegStatus.READY, LegStatus.SENT, LegStatus.UNKNOWN, LegStatus.PAID)


class PayeeStatus(TextChoices):
    """An account into which somebody wants to be paid, and what its bank says about whose it is."""

    ASKED = "asked", _("The bank is being asked")
    VERIFIED = "verified", _("The holder is the taxpayer")
    REFUSED = "refused", _("The holder is somebody else")
    REPLACED = "replaced", _("Replaced by another account")


PAYEE_TRANSITIONS: Final[Transitions] = {
    PayeeStatus.ASKED: frozenset({PayeeStatus.VERIFIED, PayeeStatus.REFUSED, PayeeStatus.REPLACED}),
    PayeeStatus.VERIFIED: frozenset({PayeeStatus.REPLACED}),
    PayeeStatus.REFUSED: frozenset[str](),
    PayeeStatus.REPLACED: frozenset[str](),
}


class ClaimStatus(TextChoices):
    """What became of a taxpayer's claim that a bill asked too much."""

    ASKED = "asked", _("Waiting for an answer")
    DECIDING = "deciding", _("Waiting for a second officer")
    GRANTED = "granted", _("Granted: the bill is corrected")
    REFUSED = "refused", _("Not granted")


# A bill has one of these at most.
CLAIM_OPEN: Final = (ClaimStatus.ASKED, ClaimStatus.DECIDING)


class Ground(TextChoices):
    """On what a claim that a bill asked too much rests (Framework Act on Local Taxes, articles 50 and 58)."""

    RETURN = "return", _("The return said too much")
    LATER = "later", _("What the tax was computed from turned out otherwise")
    REQUEST = "request", _("The bill is wrong")


# Claims for correction (경정청구, article 50); the rest asks the office to correct its own mistake (article 58).
BY_RIGHT: Final = (Ground.RETURN, Ground.LATER)


class DeskStatus(TextChoices):
    """What one officer asks for and another decides."""

    ASKED = "asked", _("Waiting for a second officer")
    DONE = "done", _("Approved")
    REJECTED = "rejected", _("Rejected")


class RecoveryWay(TextChoices):
    """How a claim back (환수) ends."""

    KEPT = "kept", _("Kept from another refund")
    RETURNED = "returned", _("Sent back by the bank")
    WRITTEN_OFF = "written_off", _("Written off")


COLOURS: Final = {
    Status.OPENED: "information",
    Status.ASSESSED: "information",
    Status.APPROVED: "information",
    Status.PAYING: "information",
    Status.PAID: "success",
    Status.RETURNED: "warning",
    Status.UNKNOWN: "warning",
    Status.REJECTED: "danger",
    Status.LAPSED: "gray",
}
