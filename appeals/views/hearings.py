"""The clerk's calendar: sittings are opened, the solver's plan is looked at and fixed, a case is moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import OfficerFacts, Role, office_required, officer_of, recent_code_required
from accounts.selectors.officers import body_kinds
from appeals.hearing_forms import MoveForm, OpenForm
from appeals.selectors import clerks_calendar as desk
from appeals.services import hearings
from appeals.views import office, petition
from core import clock
from core.errors import Refusal

HEARS: Final = (Role.COURT_CLERK, Role.CHAIR, Role.COMMITTEE_MEMBER)
AHEAD: Final = timedelta(days=90)


@office_required(*office.READERS)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Who hears sees the sittings ahead and the plan; who levied, when it explains its levies."""
    return _page(request, None)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def open_sittings(request: HttpRequest) -> HttpResponse:
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        made = hearings.open_sittings(
            until=form.cleaned_data["until"], officer_id=officer_of(request).account_id, at=clock.now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, form)
    text = ngettext("%(made)s new part of a day in a room.", "%(made)s new parts of days in rooms.", made)
    messages.success(request, text % {"made": made})
    return redirect("appeals:hearings")


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def ask_plan(request: HttpRequest) -> HttpResponse:
    """Every waiting case is to get a place."""
    try:
        made = hearings.ask_plan(authority=authority_of(officer_of(request)), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("appeals:hearings")
    return redirect("appeals:plan", made)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def move(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case is to get another place."""
    found = petition.found_case(case_id, staff=True)
    form = MoveForm(request.POST, auto_id="move_%s")
    if form.is_valid():
        try:
            made = hearings.ask_to_move(authority=found.authority, case_id=case_id, at=clock.now(), **form.cleaned_data)
            return redirect("appeals:plan", made)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    return office.page(request, found, move=form)


@office_required(*HEARS)
@require_GET
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What the solver proposes, and how good it surely is; until it is there the page asks again by itself."""
    found = _found(plan_id)
    clerk = Role.COURT_CLERK in officer_of(request).roles
    return render(request, "appeals/office/plan.html", {"plan": found, "may_fix": clerk and found.open})


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def fix_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    _found(plan_id)
    try:
        hearings.fix_plan(plan_id=plan_id, officer_id=officer_of(request).account_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("appeals:plan", plan_id)
    messages.success(request, gettext("The plan is fixed. Petitioners and levying offices are told now."))
    return redirect("appeals:hearings")


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def drop_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    _found(plan_id)
    try:
        hearings.drop_plan(plan_id=plan_id)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("The plan is dropped. Nothing has changed."))
    return redirect("appeals:hearings")


def _found(plan_id: int) -> desk.PlanShown:
    found = desk.plan(plan_id=plan_id)
    if found is None:
        raise Http404
    return found


def authority_of(officer: OfficerFacts) -> str:
    """Whose calendar an officer works on: the city's, or their district's."""
    if not officer.of_the_city:
        return officer.body
    return next(code for code, body in sorted(body_kinds().items()) if body.kind == "city")


def _page(request: HttpRequest, bound: OpenForm | None) -> HttpResponse:
    officer, at = officer_of(request), clock.now()
    today = clock.local_date(at)
    authority = authority_of(officer)
    hears, clerk = bool(officer.roles & {*HEARS}), Role.COURT_CLERK in officer.roles
    opening: Form | None = bound or OpenForm(initial={"until": today + AHEAD})
    context = {
        "hears": hears,
        "may_plan": clerk,
        "sessions": desk.sessions_ahead(authority=authority, today=today) if hears else [],
        "waiting": desk.waiting(authority=authority) if hears else 0,
        "plan": desk.newest_plan(authority=authority) if hears else None,
        "levies": bool(officer.roles & {*office.LEVYING}),
        "own": desk.hearings_ahead(bodies=bodies_of(officer), at=at) if officer.roles & {*office.LEVYING} else [],
        "opening": opening if clerk and officer.of_the_city else None,
        "form": bound,
    }
    return render(request, "appeals/office/hearings.html", context, status=422 if bound else 200)


def bodies_of(officer: OfficerFacts) -> list[str]:
    return list(body_kinds()) if officer.of_the_city else [officer.body]
