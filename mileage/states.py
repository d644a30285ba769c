"""What happens to points, what they are used for, and how far a use has come."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class Account(TextChoices):
    """Where points lie. The first two are a holder's, by lot; the others say where points come from and go to."""

    HELD = "held", _("Held")
    RESERVED = "reserved", _("Reserved")
    GRANTED = "granted", _("Granted")
    SPENT = "spent", _("Spent")
    EXPIRED = "expired", _("Gone by expiry")


class Kind(TextChoices):
    """Why an entry was made."""

    CREDITED = "credited", _("Points credited")
    TAKEN_BACK = "taken_back", _("Points taken back: the payment was")
    SET_OFF = "set_off", _("Set off against points owed")
    RESERVED = "reserved", _("Points kept for a use")
    RELEASED = "released", _("Points kept for a use are free again")
    SPENT = "spent", _("Points spent")
    GIVEN_BACK = "given_back", _("Points given back")
    EXPIRED = "expired", _("Points expired")


class Way(TextChoices):
    """What points are used for."""

    BILL = "bill", _("Paying a bill")
    TRANSIT_CARD = "transit_card", _("Transit card")
    VOUCHER = "voucher", _("Gift voucher")
    CASH = "cash", _("Money to an account")
    CHARITY = "charity", _("Donation")


class UseStatus(TextChoices):
    """A use of points: kept for it, then spent or free again."""

    RESERVED = "reserved", _("Being carried out")
    SPENT = "spent", _("Done")
    RELEASED = "released", _("Not done: points are free again")


USE_TRANSITIONS: Final[Transitions] = {
    UseStatus.RESERVED: frozenset({UseStatus.SPENT, UseStatus.RELEASED}),
    UseStatus.SPENT: frozenset[str](),
    UseStatus.RELEASED: frozenset[str](),
}


class BatchStatus(TextChoices):
    """A file of uses for a partner, or of money to accounts."""

    DRAWN = "drawn", _("Waiting for a second officer")
    APPROVED = "approved", _("Approved, to be sent")
    REJECTED = "rejected", _("Not approved")
    SENT = "sent", _("Sent, to be answered")
    ANSWERED = "answered", _("Carried out")


BATCH_TRANSITIONS: Final[Transitions] = {
    BatchStatus.DRAWN: frozenset({BatchStatus.APPROVED, BatchStatus.REJECTED}),
    BatchStatus.APPROVED: frozenset({BatchStatus.SENT}),
    BatchStatus.SENT: frozenset({BatchStatus.ANSWERED}),
    BatchStatus.REJECTED: frozenset[str](),
    BatchStatus.ANSWERED: frozenset[str](),
}


class DrawStatus(TextChoices):
    """A selection of model taxpayers: the seed is bound, then the list, then the seed is told."""

    BEGUN = "begun", _("Begun")
    COMMITTED = "committed", _("The seed is bound")
    LISTED = "listed", _("The list is published")
    REVEALED = "revealed", _("Drawn")


DRAW_TRANSITIONS: Final[Transitions] = {
    DrawStatus.BEGUN: frozenset({DrawStatus.COMMITTED}),
    DrawStatus.COMMITTED: frozenset({DrawStatus.LISTED}),
    DrawStatus.LISTED: frozenset({DrawStatus.REVEALED}),
    DrawStatus.REVEALED: frozenset[str](),
}
