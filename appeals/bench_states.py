"""Who sits in judgment: professions, offices, why somebody does not sit, and how far a panel has come."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Transitions


class Profession(TextChoices):
    """Of a member (위원의 직업); the same words as in `appeals.rules.panels`. All but officials come from outside."""

    JUDGE = "judge", _("Judge")
    LAWYER = "lawyer", _("Lawyer")
    ACCOUNTANT = "accountant", _("Accountant")
    TAX_ACCOUNTANT = "tax_accountant", _("Tax accountant")
    PROFESSOR = "professor", _("Professor")
    OFFICIAL = "official", _("Official")


class Office(TextChoices):
    """What somebody is on the committee (위원장, 부위원장, 위원)."""

    CHAIR = "chair", _("Chair of the committee")
    VICE = "vice", _("Vice-chair")
    MEMBER = "member", _("Member")


class RecusalKind(TextChoices):
    """Why a member leaves the table for a case: decree of the Framework Act, article 85."""

    EXCLUDED = "excluded", _("Excluded by law")  # 제척
    CHALLENGED = "challenged", _("Challenged")  # 기피
    WITHDREW = "withdrew", pgettext_lazy("member", "Stepped aside")  # 회피


class Ground(TextChoices):
    """What stands between a member and a case."""

    LEVIED = "levied", _("Supervised the levy or took part in it")
    KINSHIP = "kinship", _("Is the petitioner or a relative")
    INTEREST = "interest", _("Has an interest in the case")
    OTHER = "other", _("Another reason to doubt a fair decision")


class RecusalStatus(TextChoices):
    ASKED = "asked", _("To be decided by the chair")
    STANDS = "stands", _("Does not sit in this case")
    REFUSED = "refused", pgettext_lazy("challenge", "Refused")
    MOOT = "moot", _("Not decided: the member stepped aside")


class PanelStatus(TextChoices):
    """A panel of a day: its members are drawn, or no panel can be made of those who may sit."""

    CALLED = "called", _("Being drawn")
    SEATED = "seated", _("Drawn")
    IMPOSSIBLE = "impossible", _("Can't be drawn")


class Short(TextChoices):
    """What a panel that can't be drawn is short of; beside these, a profession."""

    PRESIDING = "presiding", _("No chair, or no vice-chair, is in office and free on that day.")
    SEATS = "seats", _("Too few members are in office and free on that day, or too few fit the shares of professions.")
    COMMISSIONED = "commissioned", _("Too few members from outside are free: they must be the majority.")


class BenchNews(TextChoices):
    """What a member is written to about."""

    CALLED = "called", _("You are called to a sitting of the committee")
    OFF = "off", _("You don't sit in a sitting of the committee any more")
    CASES = "cases", _("Other cases are heard in your sitting of the committee")


PANEL_TRANSITIONS: Final[Transitions] = {
    PanelStatus.CALLED: frozenset({PanelStatus.SEATED, PanelStatus.IMPOSSIBLE}),
    PanelStatus.SEATED: frozenset[str](),
    PanelStatus.IMPOSSIBLE: frozenset[str](),
}
PANEL_COLOURS: Final = {
    PanelStatus.CALLED: "information",
    PanelStatus.SEATED: "success",
    PanelStatus.IMPOSSIBLE: "danger",
}
