from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from billing.explain_periods import period_text
from billing.models import LevyRoll, RollPart, RollProblem, RollTotal, TaxType
from billing.rules.registry import kind_of
from billing.selectors.city import TaxName
from billing.states import ROLL_TRANSITIONS, RollStatus


@dataclass(frozen=True, kw_only=True)
class RollSummary:
    """A roll in a list, by the name of its kind; `bills` of `rows` are issued."""

    id: int
    tax: str
    tax_ko: str
    tax_en: str
    tax_year: int
    term: int
    status: str
    file_name: str
    row_count: int
    rows_expected: int
    kept_count: int
    problem_count: int
    uploaded_at: datetime
    uploaded_by_id: int
    approved_by_id: int | None
    issued_at: datetime | None
    cancel_asked_by_id: int | None
    cancel_reason: str
    noticed_at: datetime | None

    @property
    def may_be_cancelled(self) -> bool:
        """Whether an officer may ask for all of its bills to be cancelled."""
        return self.status == RollStatus.ISSUED and not self.noticed_at and self.cancel_asked_by_id is None

    @property
    def waits_for_cancelling(self) -> bool:
        return self.status == RollStatus.ISSUED and self.cancel_asked_by_id is not None

    @property
    def period(self) -> str:
        return period_text(tax=self.tax, year=self.tax_year, term=self.term)

    @property
    def may_be_withdrawn(self) -> bool:
        return RollStatus.WITHDRAWN in ROLL_TRANSITIONS[self.status]

    @property
    def checked_and_kept(self) -> int:
        """How far a file is that is being checked: every row is read, then kept."""
        return self.row_count + self.kept_count

    @property
    def to_check_and_keep(self) -> int:
        return max(2 * self.rows_expected, 1)

    @property
    def status_text(self) -> str:
        return str(RollStatus(self.status).label)


@dataclass(frozen=True, kw_only=True)
class TaxSum:
    """What is asked of one tax, in won."""

    name_ko: str
    name_en: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class DistrictTotal:
    """What a roll asks in one district: rows, of them not collected (below the smallest bill), issued, and the sum.

    `by_tax` are the sums of the preview's taxes, in their order. The rest says what last year's rolls asked here; None
    where there are none.
    """

    code: str
    name_ko: str
    name_en: str
    rows: int
    not_collected: int
    issued: int
    amount: int
    by_tax: tuple[TaxSum, ...]
    rows_before: int | None = None
    amount_before: int | None = None
    appeared: int | None = None
    vanished: int | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """An object of tax whose sum differs from last year's, in won."""

    object_ref: str
    before: int
    now: int


@dataclass(frozen=True, kw_only=True)
class RollPreview:
    """A roll with its totals; `taxes` are the taxes that its bills ask for."""

    roll: RollSummary
    encoding: str
    sha256: str
    taxes: tuple[TaxName, ...]
    districts: tuple[DistrictTotal, ...]
    changes: tuple[Change, ...]

    @property
    def amount(self) -> int:
        return sum(district.amount for district in self.districts)

    @property
    def by_tax(self) -> tuple[TaxSum, ...]:
        columns = zip(*(district.by_tax for district in self.districts), strict=True)
        return tuple(replace(column[0], amount=sum(part.amount for part in column)) for column in columns)

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

    @property
    def compared(self) -> bool:
        """Whether last year had such a roll."""
        return any(district.rows_before is not None for district in self.districts)


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
    totals = list(RollTotal.objects.filter(roll_id=roll_id).select_related("body").order_by("body_id"))
    issued = dict(RollPart.objects.filter(roll_id=roll_id).values_list("body_id", "bills"))
    asked = {code for total in totals for code in total.taxes}
    taxes = [
        TaxName(code=tax.code, name_ko=tax.name_ko, name_en=tax.name_en) for tax in TaxType.objects.filter(pk__in=asked)
    ]
    return RollPreview(
        roll=_summary(roll),
        encoding=roll.encoding,
        sha256=roll.sha256,
        taxes=tuple(taxes),
        districts=tuple(_district(total, taxes, issued=issued.get(total.body_id, 0)) for total in totals),
        changes=tuple(
            Change(object_ref=change["object"], before=change["before"], now=change["now"]) for change in roll.changes
        ),
    )


def _district(total: RollTotal, taxes: Sequence[TaxName], *, issued: int) -> DistrictTotal:
    return DistrictTotal(
        code=total.body_id,
        name_ko=total.body.name_ko,
        name_en=total.body.name_en,
        rows=total.rows,
        not_collected=total.not_collected,
        issued=issued,
        amount=total.amount,
        by_tax=tuple(
            TaxSum(name_ko=tax.name_ko, name_en=tax.name_en, amount=total.taxes.get(tax.code, 0)) for tax in taxes
        ),
        rows_before=total.rows_before,
        amount_before=total.amount_before,
        appeared=total.appeared,
        vanished=total.vanished,
    )


def problems(*, roll_id: int) -> QuerySet[RollProblem, tuple[int, str, str, str]]:
    """Every defect of a roll by row: row, column, code, what stood there."""
    found = RollProblem.objects.filter(roll_id=roll_id).order_by("row_number", "id")
    return found.values_list("row_number", "column", "code", "shown")


def _summary(roll: LevyRoll) -> RollSummary:
    return RollSummary(
        id=roll.pk,
        tax=roll.tax_id,
        tax_ko=kind_of(roll.kind).name_ko or roll.tax.name_ko,
        tax_en=kind_of(roll.kind).name_en or roll.tax.name_en,
        tax_year=roll.tax_year,
        term=roll.term,
        status=roll.status,
        file_name=roll.file_name,
        row_count=roll.row_count,
        rows_expected=roll.rows_expected,
        kept_count=roll.kept_count,
        problem_count=roll.problem_count,
        uploaded_at=roll.uploaded_at,
        uploaded_by_id=roll.uploaded_by_id,
        approved_by_id=roll.approved_by_id,
        issued_at=roll.issued_at,
        cancel_asked_by_id=roll.cancel_asked_by_id,
        cancel_reason=roll.cancel_reason,
        noticed_at=roll.noticed_at,
    )
