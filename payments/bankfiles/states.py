"""States of a bank's file and of the lines in it."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class FileStatus(TextChoices):
    BROUGHT = "brought", _("Waiting to be read")
    READ = "read", _("Being posted")
    POSTED = "posted", _("Posted")
    REFUSED = "refused", _("Refused whole")
    REPEATED = "repeated", _("Was here before")


TRANSITIONS: Final[Transitions] = {
    FileStatus.BROUGHT: frozenset({FileStatus.READ, FileStatus.POSTED, FileStatus.REFUSED, FileStatus.REPEATED}),
    FileStatus.READ: frozenset({FileStatus.POSTED}),
    FileStatus.POSTED: frozenset(),
    FileStatus.REFUSED: frozenset(),
    FileStatus.REPEATED: frozenset(),
}


class Fate(TextChoices):
    """What became of a line. `APART`: posted by itself, since something about it is out of the ordinary."""

    WAITING = "waiting", _("Waiting")
    APART = "apart", _("Waiting")
    SETTLED = "settled", _("Posted to a bill")
    SUSPENDED = "suspended", _("To suspense")
    REVERSED = "reversed", _("Taken back by the bank")
    UNMATCHED = "unmatched", _("Taken back; its deposit is not known")
    REPEATED = "repeated", _("Posted before")
    TOLD = "told", _("Told before by another file")
    OUT = "out", _("Money out")
    TRANSFERRED = "transferred", _("Transfer of ours")
    RETURNED = "returned", _("A transfer of ours came back")
    INFORMATIONAL = "informational", _("For information only")


OPEN: Final = (Fate.WAITING, Fate.APART)
