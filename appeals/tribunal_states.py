"""A bill before the Tax Tribunal (조세심판원): how it came there, how far our file is, and what came of it."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Route(TextChoices):
    """Framework Act on Local Taxes, article 91."""

    DIRECT = "direct", _("without an objection")
    DECIDED = "decided", _("after the decision of an objection")
    UNDECIDED = "undecided", _("while an objection was not decided")


class ReferralStatus(TextChoices):
    """Answer and file are made, the Tribunal has them, its decision waits for a second officer, it is entered."""

    OPEN = "open", pgettext_lazy("tribunal", "The answer and the file are to be made")
    SENT = "sent", pgettext_lazy("tribunal", "The file went to the Tribunal")
    WRITTEN = "written", pgettext_lazy("tribunal", "The decision waits for a second officer")
    DECIDED = "decided", pgettext_lazy("tribunal", "Decided")


COLOURS: Final = {
    ReferralStatus.OPEN: "warning",
    ReferralStatus.SENT: "information",
    ReferralStatus.WRITTEN: "warning",
    ReferralStatus.DECIDED: "success",
}


class TribunalOutcome(TextChoices):
    """What the Tribunal decided (심판 결정)."""

    DISMISSED = "dismissed", pgettext_lazy("tribunal", "Dismissed")
    REJECTED = "rejected", pgettext_lazy("tribunal", "Rejected")
    CANCELLED = "cancelled", pgettext_lazy("tribunal", "Upheld: the bill is cancelled")
    CORRECTED = "corrected", pgettext_lazy("tribunal", "Upheld: the bill is corrected")
    WITHDRAWN = "withdrawn", pgettext_lazy("tribunal", "Withdrawn by the petitioner")


MOVES_MONEY: Final = (TribunalOutcome.CANCELLED, TribunalOutcome.CORRECTED)
