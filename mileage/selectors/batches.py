"""Uses that leave the house, as the office follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from mileage.models import Batch, Use
from mileage.rules.pack import Partner, pack
from mileage.states import BatchStatus, UseStatus, Way


@dataclass(frozen=True)
class Waiting:
    """What waits for a partner."""

    way: str
    partner: str
    uses: int
    points: int

    @property
    def label(self) -> str:
        return _label(self.way, self.partner)


@dataclass(frozen=True)
class BatchFacts:
    """A file and how far it has come."""

    id: int
    way: str
    partner: str
    status: str
    uses: int
    points: int
    digest: str
    drawn_by: int
    drawn_at: datetime
    sent_at: datetime | None

    @property
    def label(self) -> str:
        return _label(self.way, self.partner)

    @property
    def state(self) -> str:
        return str(BatchStatus(self.status).label)


@dataclass(frozen=True)
class UseLine:
    """One use of a file."""

    reference: str
    number: str
    points: int
    status: str
    because: str

    @property
    def label(self) -> str:
        return str(UseStatus(self.status).label)


@dataclass(frozen=True)
class CashOrder:
    """Points that become money on an account."""

    reference: str
    bank: str
    account: str
    holder: str
    amount: int


def waiting() -> list[Waiting]:
    rows = (
        Use.objects.filter(status=UseStatus.RESERVED, batch=None)
        .exclude(way=Way.BILL)
        .annotate(partner=KeyTextTransform("partner", "target"))
        .values_list("way", "partner")
        .annotate(Count("id"), Sum("points"))
        .order_by("way", "partner")
    )
    return [Waiting(way, partner or "", uses, points) for way, partner, uses, points in rows]


def batches(*, most: int = 100) -> list[BatchFacts]:
    """Newest first."""
    return [_facts(row) for row in Batch.objects.defer("content", "results").order_by("-pk")[:most]]


def batch(batch_id: int) -> BatchFacts | None:
    row = Batch.objects.defer("content", "results").filter(pk=batch_id).first()
    return _facts(row) if row else None


def content_of(batch_id: int) -> bytes:
    """The file to the byte."""
    return Batch.objects.values_list("content", flat=True).get(pk=batch_id).encode()


def uses_of(batch_id: int, *, most: int = 1000) -> list[UseLine]:
    rows = Use.objects.filter(batch_id=batch_id).order_by("pk")[:most]
    return [
        UseLine(
            row.reference,
            row.target.get("number") or f"{row.target.get('bank', '')} {row.target.get('account', '')}".strip(),
            row.points,
            row.status,
            row.because,
        )
        for row in rows
    ]


def cash_order(*, reference: str) -> CashOrder:
    """What is to be sent to whom for points that became money."""
    use = Use.objects.get(reference=reference, way=Way.CASH)
    return CashOrder(reference, use.target["bank"], use.target["account"], use.target["holder"], use.points)


def partner_of(*, way: str, code: str) -> Partner:
    """A partner of the city, with the account that it is paid to."""
    return next(one for one in pack().partners[way] if one.code == code)


def _facts(row: Batch) -> BatchFacts:
    return BatchFacts(
        row.pk, row.way, row.partner, row.status, row.uses_count, row.points, row.digest, row.drawn_by_id,
        row.drawn_at, row.sent_at,
    )  # fmt: skip


def _label(way: str, partner: str) -> str:
    found = next((one for one in pack().partners.get(way, ()) if one.code == partner), None)
    name = "" if found is None else found.name_en if get_language() == "en" else found.name_ko
    return f"{Way(way).label}: {name}" if name else str(Way(way).label)
