"""A sitting as it runs: the cases of a room in order; in each who came, who spoke, when it began and ended, minutes.

What is written down while people speak asks for no further one-time code: it is added to, never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, own_file, recent_code_required
from appeals import hearing_forms as forms
from appeals.selectors import clerks_calendar as desk
from appeals.selectors.clerks_calendar import HearingDetail
from appeals.services import hearings, running
from appeals.states import Happening, Presence, SlotStatus, Speaker
from appeals.views.hearings import HEARS
from core import clock
from core.acting import carried_out
from core.errors import Refusal


@office_required(*HEARS)
@require_GET
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """A room in one part of a day; the page of the room's clerk."""
    at = clock.now()
    found = desk.session(session_id=session_id, at=at)
    if found is None:
        raise Http404
    context = {"session": found, "live": found.day == clock.local_date(at), "now": at}
    return render(request, "appeals/office/session.html", context)


@office_required(*HEARS)
@require_GET
def hearing(request: HttpRequest, slot_id: int) -> HttpResponse:
    return _page(request, _found(slot_id))


@office_required(Role.COURT_CLERK)
@require_POST
def attend(request: HttpRequest, slot_id: int) -> HttpResponse:
    form = forms.AttendanceForm(request.POST, auto_id="attend_%s")
    return _act(
        request, slot_id, "attend", form,
        lambda _id, at: running.note_attendance(
            slot_id=slot_id, side=Speaker(form.cleaned_data["side"]), at=at,
            presence=Presence(form.cleaned_data["presence"]), text=form.cleaned_data["text"],
        ),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@require_POST
def state(request: HttpRequest, slot_id: int) -> HttpResponse:
    """What somebody says."""
    form = forms.StatementForm(request.POST, auto_id="state_%s")
    return _act(
        request, slot_id, "state", form,
        lambda _id, at: running.note_statement(
            slot_id=slot_id, side=Speaker(form.cleaned_data["side"]), text=form.cleaned_data["text"], at=at
        ),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@require_POST
def begin(request: HttpRequest, slot_id: int) -> HttpResponse:
    return _act(
        request, slot_id, "begin", Form({}),
        lambda officer_id, at: running.begin_hearing(slot_id=slot_id, officer_id=officer_id, at=at),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@require_POST
def end(request: HttpRequest, slot_id: int) -> HttpResponse:
    return _act(
        request, slot_id, "end", Form({}),
        lambda officer_id, at: running.end_hearing(slot_id=slot_id, officer_id=officer_id, at=at),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def adjourn(request: HttpRequest, slot_id: int) -> HttpResponse:
    """The next day comes out of the calendar: the solver is asked at once, where it isn't at another plan."""
    found = _found(slot_id)
    form = forms.AdjournForm(request.POST, auto_id="adjourn_%s")
    if not form.is_valid():
        return _page(request, found, adjourn=form)
    officer_id, at, told = officer_of(request).account_id, clock.now(), form.cleaned_data
    try:
        running.adjourn_hearing(slot_id=slot_id, reason=told["reason"], officer_id=officer_id, at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, found, adjourn=form)
    try:
        plan_id = hearings.ask_to_move(
            authority=found.authority, case_id=found.case_id, at=at, reason=told["reason"],
            away=[*told["away"], found.hearing.day],
        )  # fmt: skip
    except Refusal:
        messages.warning(
            request, gettext("It is adjourned. A plan is being made already: ask for another day after it.")
        )
        return redirect("appeals:case", found.case_id)
    return redirect("appeals:plan", plan_id)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def link(request: HttpRequest, slot_id: int) -> HttpResponse:
    form = forms.LinkForm(request.POST, auto_id="link_%s")
    return _act(
        request, slot_id, "link", form,
        lambda _id, at: running.set_link(slot_id=slot_id, link=form.cleaned_data["link"], at=at),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@require_POST
def minutes(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Keep a further version."""
    form = forms.MinutesForm(request.POST, auto_id="minutes_%s")
    return _act(
        request, slot_id, "minutes", form,
        lambda _id, at: running.write_minutes(
            slot_id=slot_id, text=form.cleaned_data["text"], believed=form.cleaned_data["believed"], at=at
        ),
    )  # fmt: skip


@office_required(Role.CHAIR)
@recent_code_required
@require_POST
def sign_minutes(request: HttpRequest, minutes_id: int) -> HttpResponse:
    slot_id = desk.slot_of_minutes(minutes_id=minutes_id)
    if slot_id is None:
        raise Http404
    return _act(
        request, slot_id, "sign", Form({}),
        lambda officer_id, at: running.sign_minutes(minutes_id=minutes_id, officer_id=officer_id, at=at),
    )  # fmt: skip


DONE: Final[dict[str, Promise]] = {
    "attend": _("It is noted."),
    "state": _("It is noted."),
    "begin": _("The hearing has begun; everybody sees it."),
    "end": _("The hearing is over. Write the minutes."),
    "link": _("The link is kept, and both sides are told that it is there."),
    "minutes": _("The minutes are kept. The chair signs them off."),
    "sign": _("The minutes are signed off."),
}


def _found(slot_id: int) -> HearingDetail:
    found = desk.hearing(slot_id=slot_id)
    if found is None:
        raise Http404
    return found


def _act(
    request: HttpRequest, slot_id: int, name: str, form: Form, work: Callable[[int, datetime], None]
) -> HttpResponse:
    """Do it, or show the hearing again with what was typed and what is wrong with it."""
    found = _found(slot_id)
    officer_id = officer_of(request).account_id
    if carried_out(request, form, lambda at: work(officer_id, at), told=str(DONE[name])):
        return redirect("appeals:hearing", slot_id)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: HearingDetail, **bound: Form) -> HttpResponse:
    officer = officer_of(request)
    hears = not own_file(officer, found.taxpayer_id)
    clerk, chair = hears and Role.COURT_CLERK in officer.roles, hears and Role.CHAIR in officer.roles
    newest = found.minutes[0] if found.minutes else None
    due = found.hearing.day <= clock.local_date(clock.now())
    context: dict[str, Any] = {
        "found": found,
        "hearing": found.hearing,
        "forms": {**(_offered(found, due=due) if clerk else {}), **bound},
        "may_begin": clerk and due and found.hearing.status == SlotStatus.SET,
        "may_end": clerk and found.hearing.status == SlotStatus.BEGUN,
        "to_sign": newest.id
        if chair and newest and not newest.signed_at and newest.written_by != officer.account_id and _over(found)
        else None,
        "form": next(iter(bound.values()), None),
    }
    return render(request, "appeals/office/hearing.html", context, status=422 if bound else 200)


def _over(found: HearingDetail) -> bool:
    return not found.hearing.current


def _offered(found: HearingDetail, *, due: bool) -> dict[str, Form]:
    """What the clerk may send now, most of it once the day has come; the database decides once more."""
    offered: dict[str, Form] = {}
    if found.hearing.current and due:
        offered["attend"] = forms.AttendanceForm(auto_id="attend_%s")
        offered["adjourn"] = forms.AdjournForm(auto_id="adjourn_%s")
    if found.hearing.current and found.hearing.remote:
        offered["link"] = forms.LinkForm(auto_id="link_%s", initial={"link": found.hearing.link})
    if found.hearing.status == SlotStatus.BEGUN:
        offered["state"] = forms.StatementForm(auto_id="state_%s")
    if found.hearing.status != SlotStatus.SET:
        text = found.minutes[0].text if found.minutes else _told(found)
        offered["minutes"] = forms.MinutesForm(auto_id="minutes_%s", initial={"believed": found.version, "text": text})
    return offered


def _told(found: HearingDetail) -> str:
    """What was noted, as the beginning of the minutes."""
    words: dict[str, Callable[[Any], str]] = {
        Happening.ATTENDS: lambda one: f"{one.who}: {one.came} {one.text}",
        Happening.SAID: lambda one: f"{one.who}: {one.text}",
    }
    lines = [words.get(one.kind, lambda one: f"{one.label} {one.text}")(one).strip() for one in found.moments]
    return "\n".join([found.number, *lines])
