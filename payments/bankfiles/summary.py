"""What became of a bank's file, for the office and for whoever took it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from payments.bankfiles.refusals import told
from payments.bankfiles.states import Fate, FileStatus
from payments.models import BankFile, BankLine


@dataclass(frozen=True)
class Fates:
    """How many lines of a file had a fate, and what they come to."""

    fate: str
    label: str
    lines: int
    amount: int


@dataclass(frozen=True)
class Balance:
    """The balances of one statement; None in a notice."""

    id: str
    account: str
    opening: int | None
    closing: int | None


@dataclass(frozen=True)
class Summary:
    """A file with what was read, posted, suspended and refused."""

    id: int
    bank: str
    name: str
    status: str
    status_text: str
    kind: str
    message_number: str
    reason: str
    difference: str
    brought_at: datetime
    ended_at: datetime | None
    balances: tuple[Balance, ...]
    fates: tuple[Fates, ...]

    @property
    def refusal(self) -> str:
        """Why it was refused, in the reader's language."""
        return told(self.reason, self.difference)

    @property
    def lines(self) -> int:
        return sum(one.lines for one in self.fates)

    @property
    def is_open(self) -> bool:
        return self.status in {FileStatus.BROUGHT, FileStatus.READ}


def summary(*, file_id: int) -> Summary:
    """Raises `BankFile.DoesNotExist`."""
    file = BankFile.objects.get(pk=file_id)
    counted = BankLine.objects.filter(file_id=file_id).values("fate").annotate(lines=Count("id"), total=Sum("amount"))
    found = {row["fate"]: row for row in counted}
    return Summary(
        id=file.pk,
        bank=file.bank,
        name=file.name,
        status=file.status,
        status_text=str(FileStatus(file.status).label),
        kind=file.kind,
        message_number=file.message_number,
        reason=file.reason,
        difference=file.difference,
        brought_at=file.brought_at,
        ended_at=file.ended_at,
        balances=tuple(Balance(**one) for one in file.statements),
        fates=tuple(
            Fates(fate.value, str(fate.label), found[fate.value]["lines"], found[fate.value]["total"])
            for fate in Fate
            if fate.value in found
        ),
    )


def files() -> QuerySet[BankFile]:
    """Newest first."""
    return BankFile.objects.order_by("-pk")


def lines_of(*, file_id: int) -> QuerySet[BankLine]:
    """What an officer looks at: everything of a file but what simply went to its bill, in the bank's order."""
    return BankLine.objects.filter(file_id=file_id).exclude(fate=Fate.SETTLED).order_by("pk")
