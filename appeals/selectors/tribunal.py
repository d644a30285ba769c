"""Reads of bills before the Tax Tribunal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from appeals.explain import DeadlineSaid, said
from appeals.models import Referral, ReferralFile
from appeals.ports import MoneyOnItsWay, money_back
from appeals.selectors.clocks import clocks
from appeals.services.asking import one
from appeals.tribunal_states import COLOURS, ReferralStatus, Route, TribunalOutcome
from billing import selectors as bills
from billing.rules.calendar import CalendarNotKnown
from billing.selectors import BillSummary
from billing.selectors.city import dated_tables
from core import clock
from receipts.selectors import document_for

MOST: Final = 500
PUBLIC: Final = (
    *("id", "number", "status", "route", "bill_id", "taxpayer_id", "body_id", "case_id", "tribunal_number"),
    *("seized_on", "heard_on", "claims", "by_petitioner", "answer", "sent_on", "outcome", "lines", "reasons"),
    *("decided_on", "told_on", "change_id"),
)


class NoSuchReferral(LookupError):
    """There is no such file, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class FileKept:
    """The file that went to the Tribunal: its pages, index and hash."""

    pages: int
    index: tuple[tuple[str, int], ...]
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ReferralShown:
    """A bill before the Tribunal as pages show it; `written_by`, `refused` (by billing) for the office only."""

    id: int
    number: str
    status: str
    route: str
    bill_id: int
    taxpayer_id: int
    body_id: str
    case_id: int | None
    tribunal_number: str
    seized_on: date
    heard_on: date
    claims: str
    by_petitioner: bool
    answer: str
    sent_on: date | None
    outcome: str
    lines: dict[int, int]
    reasons: str
    decided_on: date | None
    told_on: date | None
    change_id: int | None
    body: str
    name: str
    bill: BillSummary | None
    due: DeadlineSaid | None
    red: bool
    kept: FileKept | None = None
    document_id: int | None = None
    money: tuple[MoneyOnItsWay, ...] = ()
    written_by: int | None = None
    refused: str = ""

    @property
    def label(self) -> str:
        return str(ReferralStatus(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[ReferralStatus(self.status)]

    @property
    def route_label(self) -> str:
        return str(Route(self.route).label)

    @property
    def outcome_label(self) -> str:
        return str(TribunalOutcome(self.outcome).label) if self.outcome else ""

    @property
    def decided(self) -> bool:
        return self.status == ReferralStatus.DECIDED

    @property
    def waits(self) -> bool:
        """The decision waits for a second officer."""
        return self.status == ReferralStatus.WRITTEN


def mine(*, at: datetime) -> list[ReferralShown]:
    """One's own bills before the Tribunal, the newest first; what waits for a second officer is not decided yet."""
    return _shown(list(Referral.objects.order_by("-pk").values(*PUBLIC)[:MOST]), at=at)


def desk(*, at: datetime) -> list[ReferralShown]:
    """Those of the officer's body that are not decided; whose answer is due first stands first."""
    rows = Referral.objects.exclude(status=ReferralStatus.DECIDED).order_by("heard_on", "pk")
    return _shown(list(rows.values(*PUBLIC)[:MOST]), at=at, named=True)


def referral(referral_id: int, *, at: datetime, staff: bool = False) -> ReferralShown:
    """One of them. `staff`: with who wrote the decision down. Raises NoSuchReferral."""
    fields = (*PUBLIC, "written_by", "refused") if staff else PUBLIC
    rows = list(Referral.objects.filter(pk=referral_id).values(*fields))
    if not rows:
        raise NoSuchReferral(referral_id)
    return _shown(rows, at=at, named=True, whole=True)[0]


def referrals_of(*, bill_id: int) -> list[tuple[int, str]]:
    """Files about a bill, id and number, that the session may see."""
    return list(Referral.objects.filter(bill_id=bill_id).order_by("pk").values_list("pk", "number"))


def file_of(referral_id: int) -> bytes | None:
    """The PDF that went to the Tribunal."""
    found = ReferralFile.objects.filter(referral_id=referral_id).values_list("content", flat=True).first()
    return bytes(found) if found is not None else None


def decision_hash(referral_id: int) -> str:
    """Of the decision as the session reads it."""
    return str(one("SELECT appeals_tribunal_hash(%s)", [referral_id]) or "")


def _shown(
    rows: Sequence[dict[str, Any]], *, at: datetime, named: bool = False, whole: bool = False
) -> list[ReferralShown]:
    korean, today = (get_language() or "ko").startswith("ko"), clock.local_date(at)
    bodies = {code: one.name_ko if korean else one.name_en for code, one in body_kinds().items()}
    people = taxpayer_facts([row["taxpayer_id"] for row in rows]) if named else {}
    found = bills.bills_by_id(bill_ids={row["bill_id"] for row in rows}, at=at)
    red: int = dated_tables().at("appeal_desk", today).body["red_days"]
    shown = []
    for row in rows:
        due = _due(row, at=at)
        change = row["change_id"]
        document = document_for(kind="referral", reference=row["number"]) if whole else None
        shown.append(
            ReferralShown(
                **{**row, "lines": {int(line): int(won) for line, won in row["lines"].items()}},
                body=bodies[row["body_id"]],
                name=people[row["taxpayer_id"]].name if row["taxpayer_id"] in people else "",
                bill=found.get(row["bill_id"]),
                due=due,
                red=due is not None and due.left <= red,
                kept=_kept(row["id"]) if whole else None,
                document_id=document.id if document and document.status == "ready" else None,
                money=tuple(money_back()(change_id=change)) if whole and change else (),
            )
        )
    return shown


def _kept(referral_id: int) -> FileKept | None:
    row = ReferralFile.objects.filter(referral_id=referral_id).values("pages", "index", "sha256").first()
    if row is None:
        return None
    index = tuple((str(title), int(page)) for title, page in row["index"])
    return FileKept(pages=row["pages"], index=index, sha256=row["sha256"])


def _due(row: dict[str, Any], *, at: datetime) -> DeadlineSaid | None:
    if row["status"] != ReferralStatus.OPEN:
        return None
    try:
        found = clocks(at).to_answer_tribunal(heard=row["heard_on"])
    except CalendarNotKnown:
        return None
    return said([found], today=clock.local_date(at))[0]
