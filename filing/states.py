"""Every state of a return (신고), and every way between them."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class Status(TextChoices):
    """A return: filed by its payer, then billed by the worker."""

    FILED = "filed", _("Filed, its bill is being made")
    BILLED = "billed", _("Billed")
    NOTHING = "nothing", _("Filed, nothing is due")
    REFUSED = "refused", _("Not taken")  # what it came to has changed since it was shown; nothing was billed
    CANCELLED = "cancelled", _("Its bill was cancelled")
    LAPSED = "lapsed", _("Lapsed, it was not paid in time")  # only what is paid ahead


TRANSITIONS: Final[Transitions] = {
    Status.FILED: frozenset({Status.BILLED, Status.NOTHING, Status.REFUSED}),
    Status.BILLED: frozenset({Status.CANCELLED, Status.LAPSED}),
    Status.NOTHING: frozenset[str](),
    Status.REFUSED: frozenset[str](),
    Status.CANCELLED: frozenset[str](),
    Status.LAPSED: frozenset[str](),
}
# The same thing may be filed anew.
OVER: Final = (Status.REFUSED, Status.CANCELLED, Status.LAPSED)
COLOURS: Final = {
    Status.FILED: "information",
    Status.BILLED: "success",
    Status.NOTHING: "success",
    Status.REFUSED: "danger",
    Status.CANCELLED: "gray",
    Status.LAPSED: "gray",
}
