"""What is declared about a special tax advocate (세무변호인), why one leaves a case, and what a draw brought a case."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Declared(TextChoices):
    """A line of the history of the pool."""

    PROFILE = "profile", _("What they know, which districts they are not given, how many cases they can have")
    REACH = "reach", _("How they can be reached")
    ABSENCE = "absence", _("An absence")
    CALLED_OFF = "called_off", _("An absence was called off")
    CONFLICT = "conflict", _("A conflict with a petitioner")


class Left(TextChoices):
    """Why somebody is no longer a case's advocate."""

    ANOTHER = "another", _("The petitioner asked for another")
    CONFLICT = "conflict", _("They declared a conflict")
    POOL = "pool", _("They left the pool")
    ABSENT = "absent", _("They are absent for long")


class Found(TextChoices):
    """What a draw brought a case."""

    GIVEN = "given", pgettext_lazy("draw", "Somebody was drawn")
    NOBODY = "nobody", pgettext_lazy("draw", "Nobody is free")
    VOID = "void", pgettext_lazy("draw", "Void: the case, or who was drawn, changed meanwhile")


# Whoever hears cases is nobody's advocate.
HEARING_ROLES: Final = ("court_clerk", "chair", "committee_member")
LEVELS: Final = ((0, _("not")), (1, _("a little")), (2, _("well")), (3, _("very well")))


class Partner(TextChoices):
    """With whom an advocate writes."""

    PETITIONER = "petitioner", _("Petitioner")
    OFFICE = "office", _("Levying office")


class Work(TextChoices):
    """What an advocate spent time on."""

    READING = "reading", _("Reading the files")
    TALK = "talk", _("Talking with the petitioner")
    BRIEF = "brief", _("Writing")
    HEARING = "hearing", _("Hearing")
    OTHER = "other", _("Something else")


class CounselStatus(TextChoices):
    """A request for an appointed professional (선정대리인)."""

    ASKED = "asked", _("Requested")
    GIVEN = "given", _("Appointed")
    REFUSED = "refused", pgettext_lazy("counsel", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("counsel", "Taken back")


class Person(TextChoices):
    """Who asks for one: their means are measured in different ways."""

    INDIVIDUAL = "individual", _("A person")
    CORPORATE = "corporate", _("A company")
