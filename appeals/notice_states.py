"""A notice of an intended assessment (과세예고통지): what it rests on, and how far it has come."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeGround(TextChoices):
    """Why the law wants a notice: Framework Act on Local Taxes, article 88 paragraphs 1 and 2."""

    INVESTIGATION = "investigation", _("Result of a tax investigation")
    AUDIT = "audit", _("Result of an audit or inspection of the office")
    DATA = "data", _("Data about somebody else that an investigation confirmed, or a look on the spot")
    REFUSED = "refused", _("A request for exemption or reduction is refused")
    RECALLED = "recalled", _("Tax that was exempted or reduced is collected after all")
    AMOUNT = "amount", _("The bill is large enough")


class NoReview(TextChoices):
    """Why nobody can ask for a review (article 88 paragraph 3)."""

    NONE = "", _("A review can be asked for")
    EVASION = "evasion", _("An investigation for tax evasion runs")
    EARLY = "early", _("The tax may be collected before it is due")
    EXPIRES = "expires", _("Three months or less are left to assess it")


class NoticeStatus(TextChoices):
    """Written by one officer, confirmed by another, served; then a bill was issued, or it was given up."""

    WRITTEN = "written", pgettext_lazy("notice", "Waits for a second officer")
    CONFIRMED = "confirmed", pgettext_lazy("notice", "To be served")
    SERVED = "served", pgettext_lazy("notice", "Served")
    ISSUED = "issued", pgettext_lazy("notice", "The bill is issued")
    DROPPED = "dropped", pgettext_lazy("notice", "No bill is issued")


COLOURS: Final = {
    NoticeStatus.WRITTEN: "warning",
    NoticeStatus.CONFIRMED: "information",
    NoticeStatus.SERVED: "information",
    NoticeStatus.ISSUED: "success",
    NoticeStatus.DROPPED: "gray",
}
