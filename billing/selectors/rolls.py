from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from billing.models import LevyRoll, RollPart, RollProblem, RollRow
from billing.states import ROLL_TRANSITIONS, RollStatus


@dataclass(frozen=True, kw_only=True)
class RollSummary:
    """A roll in a list; `bills` of `rows` are issued."""

    id: int
    tax_ko: str
    tax_en: str
    tax_year: int
    term: int
    status: str
    file_name: str
    row_count: int
    problem_count: int
    uploaded_at: datetime
    uploaded_by_id: int
    approved_by_id: int | None
    issued_at: datetime | None

    @property
    def may_be_withdrawn(self) -> bool:
        return RollStatus.WITHDRAWN in ROLL_TRANSITIONS[self.status]

    @property
    def status_text(self) -> str:
        return str(RollStatus(self.status).label)


@dataclass(frozen=True, kw_only=True)
class DistrictTotal:
    """What a roll asks in one district: rows, of them not collected (below the smallest bill), issued, and the sum."""

    code: str
    name_ko: str
    name_en: str
    rows: int
    not_collected: int
    issued: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class RollPreview:
    roll: RollSummary
    encoding: str
    sha256: str
    districts: tuple[DistrictTotal, ...]

    @property
    def amount(self) -> int:
        return sum(district.amount for district in self.districts)

    @property
    def rows(self) -> int:
        return sum(district.rows for district in self.districts)

    @property
    def not_collected(self) -> int:
        return sum(district.not_collected for district in self.districts)

    @property
    def to_issue(self) -> int:
        return self.rows - self.not_collected

    @property
    def issued(self) -> int:
        return sum(district.issued for district in self.districts)


class NoSuchRoll(LookupError):
    """There is no such roll, or it is another office's."""


def rolls(*, most: int = 200) -> list[RollSummary]:
    """The newest rolls first."""
    return [_summary(roll) for roll in LevyRoll.objects.select_related("tax").order_by("-id")[:most]]


def preview(*, roll_id: int) -> RollPreview:
    """Totals for each district. Raises NoSuchRoll."""
    roll = LevyRoll.objects.select_related("tax").filter(pk=roll_id).first()
    if roll is None:
        raise NoSuchRoll(roll_id)
    totals = (
        RollRow.objects.filter(roll_id=roll_id)
        .values("body_id", name_ko=F("body__name_ko"), name_en=F("body__name_en"))
        .annotate(
            rows=Count("id"),
            not_collected=Count("id", filter=Q(collected=False)),
            total=Sum("amount", filter=Q(collected=True), default=0),
        )
        .order_by("body_id")
    )
    issued = dict(RollPart.objects.filter(roll_id=roll_id).values_list("body_id", "bills"))
    districts = tuple(
        DistrictTotal(
            code=row["body_id"],
            name_ko=row["name_ko"],
            name_en=row["name_en"],
            rows=row["rows"],
            not_collected=row["not_collected"],
            issued=issued.get(row["body_id"], 0),
            amount=int(row["total"]),
        )
        for row in totals
    )
    return RollPreview(roll=_summary(roll), encoding=roll.encoding, sha256=roll.sha256, districts=districts)


def problems(*, roll_id: int) -> QuerySet[RollProblem, tuple[int, str, str, str]]:
    """Every defect of a roll by row: row, column, code, what stood there."""
    found = RollProblem.objects.filter(roll_id=roll_id).order_by("row_number", "id")
    return found.values_list("row_number", "column", "code", "shown")


def _summary(roll: LevyRoll) -> RollSummary:
    return RollSummary(
        id=roll.pk,
        tax_ko=roll.tax.name_ko,
        tax_en=roll.tax.name_en,
        tax_year=roll.tax_year,
        term=roll.term,
        status=roll.status,
        file_name=roll.file_name,
        row_count=roll.row_count,
        problem_count=roll.problem_count,
        uploaded_at=roll.uploaded_at,
        uploaded_by_id=roll.uploaded_by_id,
        approved_by_id=roll.approved_by_id,
        issued_at=roll.issued_at,
    )
