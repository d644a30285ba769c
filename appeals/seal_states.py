"""States of a seal, and whose matter it keeps."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Transitions


class SealStatus(TextChoices):
    ASKED = "asked", pgettext_lazy("seal", "Asked for")
    STANDS = "stands", pgettext_lazy("seal", "Sealed")
    REFUSED = "refused", pgettext_lazy("seal", "Not sealed")
    LIFTED = "lifted", pgettext_lazy("seal", "Unsealed again")


SEAL_TRANSITIONS: Final[Transitions] = {
    SealStatus.ASKED: frozenset({SealStatus.STANDS, SealStatus.REFUSED}),
    SealStatus.STANDS: frozenset({SealStatus.LIFTED}),
    SealStatus.REFUSED: frozenset[str](),
    SealStatus.LIFTED: frozenset[str](),
}
OPEN: Final = (SealStatus.ASKED, SealStatus.STANDS)
SEAL_COLOURS: Final = {
    SealStatus.ASKED: "warning",
    SealStatus.STANDS: "danger",
    SealStatus.REFUSED: "gray",
    SealStatus.LIFTED: "gray",
}


class Keeper(TextChoices):
    """Whose matter is kept from the other side: the petitioner's, the levying office's, or the court's from both."""

    PETITIONER = "petitioner", _("Petitioner")
    OFFICE = "office", _("Levying office")
    COURT = "court", _("The court")


class SealGround(TextChoices):
    """Why something is sealed; the article of each stands in the city's table `appeal_sealing`."""

    TAX = "tax", _("Facts of somebody else's taxes")
    PERSON = "person", _("Somebody's private life: health, family, safety")
    BUSINESS = "business", _("A secret of a trade or business")
