"""The calendar of hearings for everybody, as pages and as iCalendar feeds. What is closed has no name in either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods
from icalendar import Calendar, Event

from accounts.access import citizen_required, public_page
from appeals.hearing_forms import SeatForm
from appeals.selectors.hearings import AHEAD, HearingShown, Item, Room, Sitting, public_calendar
from appeals.services import seats
from appeals.views.petition import found_case
from core import clock
from core.errors import Refusal

# A feed keeps what was heard lately, so that a calendar that is read weekly misses nothing.
BACK: Final = timedelta(days=30)


@public_page
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The sittings from today on."""
    at = clock.now()
    today = clock.local_date(at)
    sittings = public_calendar(first=today, last=today + AHEAD, at=at)
    return render(request, "appeals/calendar.html", {"sittings": sittings, "today": today})


@public_page
@require_GET
def sitting(request: HttpRequest, day: str) -> HttpResponse:
    """One sitting: rooms, cases in order, and on the day itself the times as things stand."""
    at = clock.now()
    found = _sitting(day, at)
    return render(
        request, "appeals/sitting.html", {"sitting": found, "live": found.day == clock.local_date(at), "now": at}
    )


@public_page
@require_http_methods(["GET", "POST"])
def seat(request: HttpRequest, session_id: int) -> HttpResponse:
    """Ask for a seat in one room. Whether the address has one already, the answer does not tell."""
    at = clock.now()
    room = _room(session_id, at)
    form = SeatForm(request.POST or None)
    if form.is_valid():
        try:
            seats.ask_seat(session_id=session_id, email=form.cleaned_data["email"], at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            told = gettext("A link is on its way to you. Open it within a day and confirm: then a seat is kept.")
            messages.success(request, told)
            return redirect("appeals:sitting", room.first.day.isoformat())
    return render(request, "appeals/seat.html", {"room": room, "form": form}, status=422 if form.is_bound else 200)


@public_page
@require_http_methods(["GET", "POST"])
def own_seat(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a mail is about. Opening it does nothing: programs look at links before people do."""
    at = clock.now()
    try:
        if request.method == "POST":
            if request.POST.get("do") == "leave":
                found = seats.look_at_seat(token=token)
                seats.leave_seat(token=token, at=at)
                return render(request, "appeals/seat_left.html", {"seat": found})
            seats.confirm_seat(token=token, at=at)
            return redirect("appeals:own_seat", token)
        return render(request, "appeals/own_seat.html", {"seat": seats.look_at_seat(token=token)})
    except seats.LinkIsOver as refusal:
        return render(request, "appeals/seat_over.html", {"problem": refusal.message}, status=404)


@public_page
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Everything as iCalendar (RFC 5545)."""
    at = clock.now()
    today = clock.local_date(at)
    return _feed(_items(public_calendar(first=today - BACK, last=today + AHEAD, at=at)), at)


@public_page
@require_GET
def day_feed(request: HttpRequest, day: str) -> HttpResponse:
    """One sitting's."""
    at = clock.now()
    return _feed(_items([_sitting(day, at)]), at)


@public_page
@require_GET
def case_feed(request: HttpRequest, number: str) -> HttpResponse:
    """One public case's; there is none for a closed one."""
    at = clock.now()
    today = clock.local_date(at)
    items = [
        one for one in _items(public_calendar(first=today - BACK, last=today + AHEAD, at=at)) if one.number == number
    ]
    if not items:
        raise Http404
    return _feed(items, at)


@citizen_required()
@require_GET
def own_feed(request: HttpRequest, case_id: int) -> HttpResponse:
    """The petitioner's own hearing, closed or not."""
    found = found_case(case_id)
    told = _calendar()
    for one in found.hearings:
        told.add_component(_own_event("" if found.sealed else found.summary.number, one, clock.now()))
    if not found.hearings:
        raise Http404
    return _answer(told)


def _sitting(day: str, at: datetime) -> Sitting:
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    found = public_calendar(first=wanted, last=wanted, at=at)
    if not found:
        raise Http404
    return found[0]


def _room(session_id: int, at: datetime) -> Room:
    """A room in which something public is still to be heard."""
    today = clock.local_date(at)
    for found in public_calendar(first=today, last=today + AHEAD, at=at):
        for room in found.rooms:
            if room.first.session_id == session_id and room.listens and room.first.begins > at:
                return room
    raise Http404


def _items(sittings: Iterable[Sitting]) -> list[Item]:
    return [item for one in sittings for room in one.rooms for item in room.items]


def _calendar() -> Calendar:
    told = Calendar()
    told.add("prodid", "-//ETAX//Open tax court//EN")
    told.add("version", "2.0")
    told.add("x-wr-calname", gettext("Open tax court"))
    return told


def _feed(items: Iterable[Item], at: datetime) -> HttpResponse:
    told = _calendar()
    for item in items:
        told.add_component(_event(item, at))
    return _answer(told)


def _answer(told: Calendar) -> HttpResponse:
    answer = HttpResponse(told.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="hearings.ics"'
    return answer


def _event(item: Item, at: datetime) -> Event:
    """How long a closed hearing lasts would tell its tax: it has a beginning alone."""
    event = _begun(item.slot_id, item.moves, item.planned, at)
    event.add("summary", f"{item.number} ({item.tax})" if item.is_open else gettext("Hearing that is not public"))
    event.add("location", f"{item.room_name}, {item.way}")
    if item.is_open:
        event.add("dtend", item.ends)
    event.add("url", f"{settings.PUBLIC_URL}{reverse('appeals:sitting', args=[item.day.isoformat()])}")
    return event


def _own_event(number: str, one: HearingShown, at: datetime) -> Event:
    event = _begun(one.slot_id, one.moves, one.starts, at)
    named = gettext("Hearing of case %(number)s") % {"number": number}
    event.add("summary", named if number else gettext("Hearing that is not public"))
    event.add("location", f"{one.room}, {one.way}")
    event.add("dtend", one.ends)
    return event


def _begun(slot_id: int, moves: int, starts: datetime, at: datetime) -> Event:
    """One hearing is one event, whichever feed tells of it, and each move of it a newer version."""
    event = Event()
    event.add("uid", f"hearing-{slot_id}@{settings.PUBLIC_URL.partition('://')[2]}")
    event.add("sequence", moves)
    event.add("dtstamp", at)
    event.add("dtstart", starts)
    return event
