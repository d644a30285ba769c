"""Seats for the public: asked for by anybody with an address of e-mail, confirmed by the link that was sent to it."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from appeals.models import Seat
from appeals.services.asking import one
from appeals.states import SeatStatus
from core import clock
from core.db.transactions import forbid_in_transaction
from core.errors import Refusal
from core.request import current_facts

# A link that was not sent after so long is made anew; who did not confirm for a day is forgotten.
PATIENCE: Final = timedelta(minutes=2)
TO_CONFIRM: Final = timedelta(days=1)
AT_ONCE: Final = 100
log = structlog.get_logger(__name__)


class AskedTooOften(Refusal):
    message = _("There were too many tries with this address or from this place. Wait an hour and try again.")


class NoSeatsThere(Refusal):
    message = _("No seat can be kept there: it has begun, or no case is heard in public. Look at the list of hearings.")


class ListIsFull(Refusal):
    message = _("The waiting list of this room is full. Choose another sitting.")


class LinkIsOver(Refusal):
    message = _("This link is over: a newer one was sent, or the sitting has begun. Ask again with the same address.")


REFUSALS: Final[dict[str, type[Refusal]]] = {"often": AskedTooOften, "closed": NoSeatsThere, "full": ListIsFull}


@dataclass(frozen=True, kw_only=True)
class SeatShown:
    """What a link is about; `ahead`: how many wait before."""

    status: str
    session: int
    day: date
    begins: datetime
    room_ko: str
    room_en: str
    way_ko: str
    way_en: str
    place: int | None
    ahead: int

    @property
    def label(self) -> str:
        return str(SeatStatus(self.status).label)


def ask_seat(*, session_id: int, email: str, at: datetime) -> None:
    """Ask for a seat; the answer is the same whether or not the address has one.

    Raises AskedTooOften, NoSeatsThere, ListIsFull.
    """
    values = [session_id, email.lower(), translation.get_language() or "ko", current_facts().address, at]
    answer = str(one("SELECT appeals_ask_seat(%s, %s, %s, %s, %s)", values))
    if answer in REFUSALS:
        raise REFUSALS[answer]


def look_at_seat(*, token: str) -> SeatShown:
    """Raises LinkIsOver."""
    found = one("SELECT appeals_look_at_seat(%s)", [token])
    if found is None:
        raise LinkIsOver
    facts: dict[str, Any] = json.loads(found) if isinstance(found, str) else dict(found)
    facts |= {"day": date.fromisoformat(facts["day"]), "begins": datetime.fromisoformat(facts["begins"])}
    return SeatShown(**facts)


def confirm_seat(*, token: str, at: datetime) -> None:
    """The address is somebody's: a seat, or a place on the waiting list. Raises LinkIsOver."""
    if one("SELECT appeals_confirm_seat(%s, %s)", [token, at]) is None:
        raise LinkIsOver


def leave_seat(*, token: str, at: datetime) -> None:
    """Give a seat up, or the wait; the address is deleted. Raises LinkIsOver."""
    if not one("SELECT appeals_leave_seat(%s, %s)", [token, at]):
        raise LinkIsOver


def mail_seats(*, at: datetime) -> int:
    """Worker: write what is due; how many. Outside any transaction. Each has a link of its own; the last is good."""
    forbid_in_transaction()
    due = Seat.objects.exclude(due="").filter(Q(taken_at=None) | Q(taken_at__lt=at - PATIENCE))
    done = 0
    for seat in list(due.select_related("session").order_by("pk")[:AT_ONCE]):
        try:
            done += _mailed(seat, at=at)
        except OSError:
            log.exception("appeals.seat_mail_stays_due", seat=seat.pk)
    return done


def _mailed(seat: Seat, *, at: datetime) -> bool:
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).hexdigest()
    unchanged = Seat.objects.filter(pk=seat.pk, due=seat.due, token_hash=seat.token_hash, taken_at=seat.taken_at)
    if unchanged.update(token_hash=digest, taken_at=at) != 1:
        return False  # another worker is at it
    with translation.override(seat.language):
        facts = {
            "link": f"{settings.PUBLIC_URL}/appeals/hearings/seat/{token}/",
            "due": seat.due,
            "session": seat.session,
            "list": f"{settings.PUBLIC_URL}/appeals/hearings/{seat.session.day}/",
            "room": seat.session.room_ko if seat.language.startswith("ko") else seat.session.room_en,
        }
        subject = translation.gettext("Your seat at a hearing")
        text = render_to_string("appeals/mail/seat.txt", facts)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [seat.email])
    except SMTPRecipientsRefused:
        log.warning("appeals.seat_address_refused", seat=seat.pk)
    Seat.objects.filter(pk=seat.pk, token_hash=digest).update(due="")
    return True


def forget_seats(*, at: datetime) -> int:
    """Worker: addresses of sittings that are over, and those that nobody confirmed, are deleted; how many."""
    over = Q(session__day__lt=clock.local_date(at)) | Q(status=SeatStatus.ASKED, asked_at__lt=at - TO_CONFIRM)
    done, _models = Seat.objects.filter(over).delete()
    return done
