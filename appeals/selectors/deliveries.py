"""Letters, public notices, and what was opened on the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.utils.translation import get_language

from appeals.models import Delivery, Entry
from appeals.states import INTERNAL, DeliveryStatus, Event, How

MOST: Final = 500
COLOURS: Final = {
    DeliveryStatus.SENT: "information",
    DeliveryStatus.DELIVERED: "success",
    DeliveryStatus.RETURNED: "danger",
    DeliveryStatus.REFUSED: "danger",
    DeliveryStatus.PUBLISHED: "warning",
    DeliveryStatus.OVER: "success",
}


@dataclass(frozen=True, kw_only=True)
class DeliveryShown:
    """A letter or a public notice; `what` it serves, None for the ruling."""

    case_id: int
    number: str
    what: str | None
    way: str
    status: str
    tracking: str
    sent_on: date
    told_on: date | None
    served_on: date | None

    @property
    def label(self) -> str:
        return str(DeliveryStatus(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[DeliveryStatus(self.status)]

    @property
    def way_label(self) -> str:
        return str(How(self.way).label)

    @property
    def on_its_way(self) -> bool:
        return self.status == DeliveryStatus.SENT

    @property
    def came_back(self) -> bool:
        return self.status == DeliveryStatus.RETURNED


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A line that was served on the site, with when the petitioner first opened it."""

    id: int
    label: str
    at: datetime
    opened_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PublicNotice:
    """A ruling that is served by public notice; `number` None where its case is sealed."""

    id: int
    number: str | None
    authority_ko: str
    authority_en: str
    published_on: date
    serves_on: date

    @property
    def authority(self) -> str:
        return self.authority_ko if (get_language() or "ko").startswith("ko") else self.authority_en


def deliveries_of(case_id: int) -> list[DeliveryShown]:
    return _shown(Delivery.objects.filter(case_id=case_id).order_by("pk").values_list(*FIELDS))


def on_their_way() -> list[DeliveryShown]:
    """Letters of which the post has said nothing yet, of cases on the desk; the oldest first."""
    rows = Delivery.objects.filter(status=DeliveryStatus.SENT).order_by("sent_on", "pk")
    return _shown(rows.values_list(*FIELDS)[:MOST])


FIELDS: Final = (
    *("case_id", "case__number", "line__event", "way", "status", "tracking", "sent_on", "told_on", "served_on"),
)


def _shown(rows: object) -> list[DeliveryShown]:
    return [
        DeliveryShown(
            case_id=case_id,
            number=number or "",
            what=str(Event(event).label) if event else None,
            way=way,
            status=status,
            tracking=tracking,
            sent_on=sent_on,
            told_on=told_on,
            served_on=served_on,
        )
        for case_id, number, event, way, status, tracking, sent_on, told_on, served_on in rows  # type: ignore[attr-defined]
    ]


def stored_on_the_site(case_id: int) -> list[Stored]:
    rows = Entry.objects.filter(case_id=case_id, how=How.SITE).exclude(event__in=INTERNAL).order_by("pk")
    return [
        Stored(id=pk, label=str(Event(event).label), at=at, opened_at=opened)
        for pk, event, at, opened in rows.values_list("pk", "event", "at", "opened__opened_at")
    ]


def public_notices() -> list[PublicNotice]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, authority_ko, authority_en, published_on, serves_on FROM appeals_public_notices()"
        )
        names = [column.name for column in cursor.description or ()]
        return [PublicNotice(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
