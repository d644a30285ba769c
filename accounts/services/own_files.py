"""Nobody touches their own or a declared relative's file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class OwnFile(Refusal):
    message = _("This file is your own or a relative's. Another officer has to work on it.")
