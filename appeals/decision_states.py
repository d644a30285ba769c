"""How a published decision is classed, and what is known to identify somebody in a case."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DecisionGround(TextChoices):
    """What a case turned on (쟁점), as the clerk classes it when it is published."""

    PAYER = "payer", pgettext_lazy("ground", "Who owes the tax")
    OBJECT = "object", pgettext_lazy("ground", "Whether there was anything to tax")
    BASE = "base", pgettext_lazy("ground", "Tax base")
    RATE = "rate", pgettext_lazy("ground", "Rate")
    RELIEF = "relief", pgettext_lazy("ground", "Reduction or exemption")
    ADDITIONS = "additions", pgettext_lazy("ground", "Additional tax")
    PROCEDURE = "procedure", pgettext_lazy("ground", "Procedure and service")
    TERM = "term", pgettext_lazy("ground", "Time to file, form of the petition")
    OTHER = "other", pgettext_lazy("ground", "Other")


class Identifies(TextChoices):
    """Kinds of what would tell who somebody is; `appeals_identifying` and `appeals_patterns` name them."""

    NAME = "name", _("a name")
    AGENT = "agent", _("the name of somebody who acts for the petitioner")
    ADVOCATE = "advocate", _("an advocate or appointed professional")
    BIRTH = "birth", _("a birth date")
    ADDRESS = "address", _("an address")
    EMAIL = "email", _("an e-mail address")
    PHONE = "phone", _("a telephone number")
    RESIDENT = "resident", _("a resident registration number")
    BILL = "bill", _("a number of the bill")
    OBJECT = "object", _("what was taxed, such as a vehicle's number")
    SUM = "sum", _("a sum of the bill or of the ruling")
    CASE = "case", _("the number of the case")


class FigureOf(TextChoices):
    """What a row of the court's figures is about."""

    ALL = "all", pgettext_lazy("figures", "All")
    TAX = "tax", _("Tax")
    BODY = "body", _("Levying office")
