"""What happened to a bill since it was issued, as its page tells it to citizen and officer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from billing.models import (
    Bill,
    BillAdjustment,
    BillChange,
    BillFact,
    BillReplacement,
    DueDateOverride,
    DueMove,
    Instalment,
)
from billing.selectors.owed import owed_on
from billing.states import ChangeKind, ChangeStatus, FactKind


@dataclass(frozen=True, kw_only=True)
class ChangeEntry:
    """A change of a bill with its reason; `asked_by` and `decided_by` are accounts, None on the public face."""

    id: int
    bill_id: int
    kind: str
    status: str
    amount: int
    details: dict[str, Any]
    reason: str
    article: str
    asked_at: datetime | None
    done_at: datetime | None
    asked_by: int | None = None
    decided_by: int | None = None
    decided_because: str = ""

    @property
    def why(self) -> str:
        """The officer's reason; of what a job found, a sentence in the reader's language."""
        return gettext("Nothing interrupted its limitation in time.") if self.kind == "prescribe" else self.reason

    @property
    def kind_label(self) -> str:
        return str(ChangeKind(self.kind).label)

    @property
    def status_label(self) -> str:
        return str(ChangeStatus(self.status).label)


@dataclass(frozen=True, kw_only=True)
class FactEntry:
    """What stands, or stood, beside the bill from a day to a day."""

    id: int
    kind: str
    from_on: date
    until_on: date | None
    reason: str
    article: str
    ended: bool

    @property
    def kind_label(self) -> str:
        return str(FactKind(self.kind).label)

    @property
    def can_end(self) -> bool:
        """A reminder was served, and nobody unserves it."""
        return not self.ended and self.kind != FactKind.REMINDER


@dataclass(frozen=True, kw_only=True)
class PartEntry:
    """A part of the plan in force, over all lines: what of it is left to pay, surcharge not counted."""

    number: int
    due_on: date
    amount: int
    left: int


@dataclass(frozen=True, kw_only=True)
class MoveEntry:
    """A due date that was moved for everybody; `paid_back` of what had been paid late by then, in won."""

    old_due_on: date
    new_due_on: date
    article: str
    reason_ko: str
    reason_en: str
    on: datetime
    paid_back: int


@dataclass(frozen=True, kw_only=True)
class BillLife:
    changes: tuple[ChangeEntry, ...]
    facts: tuple[FactEntry, ...]
    parts: tuple[PartEntry, ...]
    moves: tuple[MoveEntry, ...]
    replaced_by: int | None
    in_place_of: int | None
    paid_back: int


PUBLIC = ("id", "bill_id", "kind", "status", "amount", "details", "reason", "article", "done_at")
STAFF = (*PUBLIC, "asked_at", "asked_by", "decided_by", "decided_because")


def life_of(*, bill_id: int, on: date, staff: bool = False) -> BillLife:
    """A bill's history, newest first, what stands beside it on a day, and what replaced it.

    `staff`: with officers and with changes that wait or were rejected; the public face may not read those.
    """
    changes = tuple(_changes(BillChange.objects.filter(bill_id=bill_id), staff=staff))
    replacements = BillReplacement.objects.filter(Q(old_id=bill_id) | Q(new_id=bill_id)).values_list("old_id", "new_id")
    paid_back = sum(
        tax + surcharge
        for tax, surcharge in BillAdjustment.objects.filter(bill_id=bill_id).values_list(
            "returned", "surcharge_returned"
        )
    )
    return BillLife(
        changes=changes,
        facts=_facts(bill_id, {change.id: change for change in changes}, on),
        parts=_parts(bill_id, on),
        moves=moves_of(bill_id=bill_id),
        replaced_by=next((new for old, new in replacements if old == bill_id), None),
        in_place_of=next((old for old, new in replacements if new == bill_id), None),
        paid_back=paid_back,
    )


def waiting_changes(*, most: int = 200) -> list[ChangeEntry]:
    """Changes that wait for a second officer, oldest first, as far as the running session may see their bills."""
    waiting = BillChange.objects.filter(status=ChangeStatus.PROPOSED)
    return sorted(_changes(waiting, staff=True, most=most), key=lambda change: change.id)


def _changes(rows: Any, *, staff: bool, most: int = 500) -> Iterable[ChangeEntry]:
    if not staff:
        rows = rows.filter(status=ChangeStatus.DONE)
    names = STAFF if staff else PUBLIC
    for row in rows.order_by("-id").values(*names)[:most]:
        yield ChangeEntry(**{"asked_at": row["done_at"]} | row)


def _facts(bill_id: int, changes: dict[int, ChangeEntry], on: date) -> tuple[FactEntry, ...]:
    found = []
    rows = BillFact.objects.filter(bill_id=bill_id).order_by("-id")
    for fact in rows.values("id", "kind", "from_on", "until_on", "ended_on", "change_id"):
        ends = [day for day in (fact["until_on"], fact["ended_on"]) if day is not None]
        until, change = min(ends, default=None), changes.get(fact["change_id"])
        found.append(
            FactEntry(
                id=fact["id"],
                kind=fact["kind"],
                from_on=fact["from_on"],
                until_on=until,
                reason=change.reason if change else "",
                article=change.article if change else "",
                ended=fact["ended_on"] is not None or (until is not None and until < on),
            )
        )
    return tuple(found)


def _parts(bill_id: int, on: date) -> tuple[PartEntry, ...]:
    """The newest plan's parts. What was paid on a line fills them in turn; a reduced line loses the last."""
    plan = BillFact.objects.filter(bill_id=bill_id, kind=FactKind.INSTALMENTS).order_by("-id").values_list("id")[:1]
    rows = Instalment.objects.filter(fact_id__in=plan).order_by("number", "line_id")
    now = {line.line_id: line for line in owed_on(bill_ids=[bill_id], on=on)[bill_id].lines} if rows else {}
    due = Bill.objects.values_list("due_on", flat=True).get(pk=bill_id) if rows else on
    before = dict.fromkeys(now, 0)
    found = []
    for (number, due_on), group in groupby(rows, key=lambda row: (row.number, max(row.due_on, due))):
        amount = left = 0
        for row in group:
            line, start = now[row.line_id], before[row.line_id]
            part = min(row.amount, max(line.amount - start, 0))
            amount, left = amount + part, left + max(start + part - max(line.tax_paid, start), 0)
            before[row.line_id] += row.amount
        found.append(PartEntry(number=number, due_on=due_on, amount=amount, left=left))
    return tuple(found)


def moves_of(*, bill_id: int) -> tuple[MoveEntry, ...]:
    """The moves of a bill's due date; of one in another's place also those that gave back what was paid on the old.

    The first is that of the city's calendar, if the bill went out with a date which an act had moved before.
    """
    back: dict[int, int] = {}
    rows = BillAdjustment.objects.filter(bill_id=bill_id, move__isnull=False)
    for move_id, tax, surcharge in rows.values_list("move_id", "returned", "surcharge_returned"):
        back[move_id] = back.get(move_id, 0) + tax + surcharge
    moves = DueMove.objects.filter(Q(bill_id=bill_id) | Q(pk__in=back)).order_by("id")
    acts = tuple(
        MoveEntry(
            old_due_on=old,
            new_due_on=new,
            article=article,
            reason_ko=reason_ko,
            reason_en=reason_en,
            on=recorded_at,
            paid_back=back.get(move_id, 0),
        )
        for move_id, old, new, article, reason_ko, reason_en, recorded_at in moves.values_list(
            "id",
            "old_due_on",
            "new_due_on",
            "extension__article",
            "extension__reason_ko",
            "extension__reason_en",
            "recorded_at",
        )
    )
    return (*_as_it_went_out(bill_id, acts), *acts)


def _as_it_went_out(bill_id: int, acts: Sequence[MoveEntry]) -> Iterator[MoveEntry]:
    bill = Bill.objects.only("tax_id", "nominal_due_on", "due_on", "issued_at").get(pk=bill_id)
    first = acts[0].old_due_on if acts else bill.due_on
    known = DueDateOverride.objects.filter(Q(tax=None) | Q(tax=bill.tax_id), nominal=bill.nominal_due_on, due=first)
    for act in known[:1]:
        yield MoveEntry(
            old_due_on=act.nominal,
            new_due_on=act.due,
            article=act.article,
            reason_ko=act.reason_ko,
            reason_en=act.reason_en,
            on=bill.issued_at,
            paid_back=0,
        )
