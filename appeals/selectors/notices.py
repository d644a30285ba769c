"""Reads of notices of intended assessments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from appeals.explain import DeadlineSaid, said
from appeals.models import Case, Notice
from appeals.notice_states import COLOURS, NoReview, NoticeGround, NoticeStatus
from appeals.selectors.clocks import WAYS, clocks
from appeals.services.asking import one
from appeals.states import HOLDING, Kind, Status
from billing.explain_periods import period_text
from billing.rules.calendar import CalendarNotKnown
from billing.selectors.city import all_taxes, dated_tables
from core import clock

MOST: Final = 500
PUBLIC: Final = (
    *("id", "number", "status", "body_id", "taxpayer_id", "tax_id", "tax_year", "term", "object_ref", "liability_on"),
    *("lines", "ground", "basis", "no_review", "expires_on", "bill_id", "served_on", "waits_until", "early_at"),
    "because",
)
HERE: Final = (NoticeStatus.WRITTEN, NoticeStatus.CONFIRMED, NoticeStatus.SERVED)


class NoSuchNotice(LookupError):
    """There is no such notice, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class NoticeShown:
    """A notice as pages show it; `named`: its lines by the name of their tax, in won; `last_day`: to ask for a review,
    while that can be; `case_id`: of the review, once it was begun; `written_by` for the office only."""

    id: int
    number: str | None
    status: str
    body_id: str
    taxpayer_id: int
    tax_id: str
    tax_year: int
    term: int
    object_ref: str
    liability_on: date
    lines: list[dict[str, Any]]
    ground: str
    basis: str
    no_review: str
    expires_on: date | None
    bill_id: int | None
    served_on: date | None
    waits_until: date | None
    early_at: datetime | None
    because: str
    body: str
    tax: str
    named: tuple[tuple[str, int], ...]
    name: str
    case_id: int | None
    last_day: DeadlineSaid | None
    red: bool = False
    written_by: int | None = None

    @property
    def label(self) -> str:
        return str(NoticeStatus(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[NoticeStatus(self.status)]

    @property
    def ground_label(self) -> str:
        return str(NoticeGround(self.ground).label)

    @property
    def no_review_label(self) -> str:
        return str(NoReview(self.no_review).label)

    @property
    def period(self) -> str:
        return period_text(tax=self.tax_id, year=self.tax_year, term=self.term)

    @property
    def total(self) -> int:
        return sum(won for _, won in self.named)

    @property
    def served(self) -> bool:
        return self.status == NoticeStatus.SERVED

    @property
    def issued(self) -> bool:
        return self.status == NoticeStatus.ISSUED

    @property
    def open(self) -> bool:
        """Its payer can ask for a review, or for the bill at once."""
        return self.served and not self.no_review and self.early_at is None and self.last_day is not None


def mine(*, at: datetime) -> list[NoticeShown]:
    """Notices that were served to the public face's session, the newest first."""
    return _shown(list(Notice.objects.order_by("-pk").values(*PUBLIC)[:MOST]), at=at)


def desk(*, at: datetime) -> list[NoticeShown]:
    """Notices of the officer's body that nothing became of yet, the oldest first."""
    rows = Notice.objects.filter(status__in=HERE).order_by("pk").values(*PUBLIC, "written_by")
    return _shown(list(rows[:MOST]), at=at, named=True)


def notice(notice_id: int, *, at: datetime, staff: bool = False) -> NoticeShown:
    """One notice. `staff`: with who wrote it. Raises NoSuchNotice."""
    fields = (*PUBLIC, "written_by") if staff else PUBLIC
    rows = list(Notice.objects.filter(pk=notice_id).values(*fields))
    if not rows:
        raise NoSuchNotice(notice_id)
    return _shown(rows, at=at, named=True)[0]


def notice_of_bill(*, bill_id: int) -> int | None:
    """The notice that a bill began as, as far as the session may see it."""
    return Notice.objects.filter(bill_id=bill_id).values_list("pk", flat=True).first()


def bill_of_notice(*, number: str) -> int | None:
    """The draft of a bill behind the number of a notice."""
    return Notice.objects.filter(number=number.strip()).values_list("bill_id", flat=True).first()


def notice_hash(notice_id: int) -> str:
    """Of the notice as the session reads it."""
    return str(one("SELECT appeals_notice_hash(%s)", [notice_id]) or "")


def _shown(rows: Sequence[dict[str, Any]], *, at: datetime, named: bool = False) -> list[NoticeShown]:
    korean, today = (get_language() or "ko").startswith("ko"), clock.local_date(at)
    taxes = {tax.code: tax.name_ko if korean else tax.name_en for tax in all_taxes()}
    bodies = {code: one.name_ko if korean else one.name_en for code, one in body_kinds().items()}
    people = taxpayer_facts([row["taxpayer_id"] for row in rows]) if named else {}
    cases = dict(
        Case.objects.filter(kind=Kind.PRE_ASSESSMENT, bill_id__in=[row["bill_id"] for row in rows], status__in=HOLDING)
        .exclude(status=Status.DISCARDED)
        .values_list("bill_id", "pk")
    )
    red: int = dated_tables().at("appeal_desk", today).body["red_days"]
    found = []
    for row in rows:
        last = _last_day(row, at=at)
        found.append(
            NoticeShown(
                **row,
                body=bodies[row["body_id"]],
                tax=taxes[row["tax_id"]],
                named=tuple((taxes.get(line["tax"], line["tax"]), int(line["amount"])) for line in row["lines"]),
                name=people[row["taxpayer_id"]].name if row["taxpayer_id"] in people else "",
                case_id=cases.get(row["bill_id"]),
                last_day=last if last and not last.passed else None,
                red=last is not None and row["bill_id"] not in cases and last.left <= red,
            )
        )
    return found


def _last_day(row: dict[str, Any], *, at: datetime) -> DeadlineSaid | None:
    if row["served_on"] is None or row["status"] != NoticeStatus.SERVED:
        return None
    try:
        found = clocks(at).to_file(served=row["served_on"], way=WAYS[Kind.PRE_ASSESSMENT])
    except CalendarNotKnown:
        return None
    return said([found], today=clock.local_date(at))[0]
