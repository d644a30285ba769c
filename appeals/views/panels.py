"""Panels at the clerk's desk: called over cases, drawn by the worker; who came, who leaves, who does not sit."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from accounts.selectors.officers import body_names
from appeals.bench_forms import AttendanceForm, PanelForm, RecuseMemberForm, SeatForm, SeatsForm
from appeals.bench_states import Ground
from appeals.selectors import bench, judging
from appeals.selectors.bench_facts import PanelShown
from appeals.services import committee, panels
from appeals.views.offering import Act, Offered, offered, perform
from billing.selectors.city import dated_tables
from core import clock

READERS: Final = (Role.COURT_CLERK, Role.CHAIR)


@office_required(*READERS)
@require_GET
def panels_of(request: HttpRequest) -> HttpResponse:
    """Every panel, the latest day first, and a form to call one."""
    return _panels(request, None)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    refused = perform(request, _call(request))
    return redirect("appeals:panels") if refused is None else _panels(request, refused)


@office_required(*READERS)
@require_GET
def panel(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Who sits, over which cases, and whether each has its quorum."""
    return _panel(request, _found(panel_id), None)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def act_on_panel(request: HttpRequest, panel_id: int) -> HttpResponse:
    found = _found(panel_id)
    refused = perform(request, _of_panel(request, found))
    return redirect("appeals:panel", panel_id) if refused is None else _panel(request, found, refused)


def _panels(request: HttpRequest, refused: Offered | None) -> HttpResponse:
    context = {
        "panels": bench.panels(),
        "bodies": body_names(),
        "offered": offered(_call(request), refused),
        "act_url": reverse("appeals:call_panel"),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/panels.html", context, status=422 if refused else 200)


def _call(request: HttpRequest) -> dict[str, Act]:
    officer, at = officer_of(request), clock.now()
    if Role.COURT_CLERK not in officer.roles:
        return {}
    acts = {
        f"session-{session_id}": _for_session(session_id, label, many, officer.account_id)
        for session_id, label, many in bench.sessions_to_call(officer.body, today=clock.local_date(at))
    }
    free = bench.cases_without_panel(officer.body)
    if not free:
        return acts
    table = dated_tables().at("hearing_rooms", clock.local_date(at)).body
    korean = (get_language() or "ko").startswith("ko")
    facts = {
        "parts": [(one["code"], one["begins"]) for one in table["parts"]],
        "rooms": [(one["code"], one["name_ko" if korean else "name_en"]) for one in table["rooms"]],
        "cases": [(str(pk), number) for pk, number in free],
    }

    def calls(said: dict[str, Any]) -> str:
        panels.call_panel(
            body=officer.body,
            day=said["day"],
            part=said["part"],
            room=said["room"],
            seats=said["seats"],
            case_ids=said["cases"],
            officer_id=officer.account_id,
            at=clock.now(),
        )
        return gettext("The panel is called. It is drawn when the log is sealed, within minutes.")

    acts["call"] = Act(
        title=_("Call a panel over cases outside the calendar"),
        button=_("Call the panel"),
        make=PanelForm,
        facts=facts,
        work=calls,
    )
    return acts


def _for_session(session_id: int, label: str, many: int, officer_id: int) -> Act:
    def calls(said: dict[str, Any]) -> str:
        panels.call_panel_for(session_id=session_id, seats=said["seats"], officer_id=officer_id, at=clock.now())
        return gettext("The panel is called. It is drawn when the log is sealed, within minutes.")

    return Act(
        title=_("Panel for %(sitting)s") % {"sitting": label},
        text=ngettext("%(many)s case is set there.", "%(many)s cases are set there.", many) % {"many": many},
        button=_("Call the panel"),
        make=SeatsForm,
        work=calls,
    )


def _panel(request: HttpRequest, found: PanelShown, refused: Offered | None) -> HttpResponse:
    context = {
        "panel": found,
        "body": body_names().get(found.body, ""),
        "hearings": [(one, judging.bench_of(one.case_id)) for one in found.cases],
        "offered": offered(_of_panel(request, found), refused),
        "act_url": reverse("appeals:act_on_panel", args=[found.id]),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/panel.html", context, status=422 if refused else 200)


def _of_panel(request: HttpRequest, found: PanelShown) -> dict[str, Act]:
    officer = officer_of(request)
    if Role.COURT_CLERK not in officer.roles or not found.seated:
        return {}
    acts: dict[str, Act] = {}
    everybody = [(str(one.member_id), one.name) for one in found.bench]
    if found.day <= clock.local_date(clock.now()):
        acts["attendance"] = _attendance(found, everybody, officer.account_id)
    if not found.there:
        acts["seat"] = _give_up(found, officer.account_id)
    for one in found.cases:
        if one.summary is not None and one.summary.running:
            acts[f"recuse-{one.case_id}"] = _recuse(one.case_id, one.summary.number, everybody, officer.account_id)
            acts[f"off-{one.case_id}"] = _take_off(one.case_id, one.summary.number, officer.account_id)
    return acts


def _attendance(found: PanelShown, everybody: list[tuple[str, str]], officer_id: int) -> Act:
    def notes(said: dict[str, Any]) -> str:
        panels.note_attendance(panel_id=found.id, member_ids=said["there"], officer_id=officer_id, at=clock.now())
        return gettext("Who is there is noted.")

    there = [str(one.member_id) for one in found.bench if one.there]
    facts = {"members": everybody, "initial": {"there": there}}
    return Act(title=_("Who is there"), button=_("Note it"), make=AttendanceForm, facts=facts, work=notes)


def _give_up(found: PanelShown, officer_id: int) -> Act:
    def gives_up(said: dict[str, Any]) -> str:
        panels.give_up_seat(
            panel_id=found.id, member_id=said["member"], reason=said["reason"], officer_id=officer_id, at=clock.now()
        )
        return gettext("The seat is free. The next of the drawn order takes it, nobody else moves.")

    drawn = [(str(one.member_id), one.name) for one in found.bench if one.place > 1]
    return Act(
        title=_("A member can't come"),
        button=_("Free the seat"),
        make=SeatForm,
        facts={"members": drawn},
        work=gives_up,
    )


def _recuse(case_id: int, number: str, everybody: list[tuple[str, str]], officer_id: int) -> Act:
    def recuses(said: dict[str, Any]) -> str:
        committee.recuse(
            case_id=case_id,
            member_id=said["member"],
            ground=Ground(said["ground"]),
            reason=said["reason"],
            officer_id=officer_id,
            at=clock.now(),
        )
        return gettext("The member does not sit in the case, and does not count for its quorum.")

    return Act(
        title=_("%(case)s: a member is excluded by law") % {"case": number},
        button=_("Exclude the member"),
        make=RecuseMemberForm,
        facts={"members": everybody},
        work=recuses,
        danger=True,
    )


def _take_off(case_id: int, number: str, officer_id: int) -> Act:
    def takes_off(said: dict[str, Any]) -> str:
        panels.take_off(case_id=case_id, officer_id=officer_id, at=clock.now())
        return gettext("The case is before no panel now. Call another for it.")

    return Act(
        title=_("%(case)s: take it off this panel") % {"case": number},
        button=_("Take it off"),
        text=_("For example because there is no quorum for it."),
        work=takes_off,
        danger=True,
    )


def _found(panel_id: int) -> PanelShown:
    try:
        return bench.panel(panel_id, at=clock.now())
    except bench.NoSuchPanel:
        raise Http404 from None
