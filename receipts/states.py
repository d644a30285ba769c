from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class Status(TextChoices):
    REQUESTED = "requested", _("being prepared")
    READY = "ready", _("ready")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ANNULLED = "annulled", _("annulled: the money was taken back")


TRANSITIONS: Final[Transitions] = {
    Status.REQUESTED: frozenset({Status.READY, Status.ANNULLED}),
    Status.READY: frozenset({Status.WITHDRAWN, Status.ANNULLED}),
    Status.WITHDRAWN: frozenset(),
    Status.ANNULLED: frozenset(),
}
