"""What is drawn, and how far a draw has come."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class DrawKind(TextChoices):
    ADVOCATES = "advocates", _("Special tax advocates")
    PANEL = "panel", _("Panel of the committee")


class DrawStatus(TextChoices):
    """The facts are in the log, then a secret is bound, then a head over both decides."""

    FIXED = "fixed", _("What is drawn about is fixed")
    BOUND = "bound", _("The secret is bound")
    DRAWN = "drawn", _("Drawn")


TRANSITIONS: Final[Transitions] = {
    DrawStatus.FIXED: frozenset({DrawStatus.BOUND}),
    DrawStatus.BOUND: frozenset({DrawStatus.DRAWN}),
    DrawStatus.DRAWN: frozenset[str](),
}
COLOURS: Final = {DrawStatus.FIXED: "gray", DrawStatus.BOUND: "information", DrawStatus.DRAWN: "success"}
