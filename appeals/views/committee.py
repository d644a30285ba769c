"""The clerk keeps the committee: its members, their times in office, with history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from accounts.selectors.officers import body_names
from appeals.bench_forms import CommissionForm, EndForm, MemberForm
from appeals.bench_states import Office, Profession
from appeals.selectors import bench
from appeals.selectors.bench_facts import MemberShown
from appeals.services import committee as services
from appeals.views.offering import Act, Offered, offered, perform
from core import clock


@office_required(Role.COURT_CLERK)
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """Who is, was and will be on the committee."""
    return _members(request, None)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def act_on_members(request: HttpRequest) -> HttpResponse:
    refused = perform(request, _add(request))
    return redirect("appeals:members") if refused is None else _members(request, refused)


@office_required(Role.COURT_CLERK)
@require_GET
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """One member: times in office, the newest first, and how each ended."""
    return _member(request, _found(member_id), None)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def act_on_member(request: HttpRequest, member_id: int) -> HttpResponse:
    found = _found(member_id)
    refused = perform(request, _of_member(request, found))
    return redirect("appeals:member", member_id) if refused is None else _member(request, found, refused)


def _members(request: HttpRequest, refused: Offered | None) -> HttpResponse:
    acts = _add(request)
    context = {
        "members": bench.members(at=clock.now()),
        "bodies": body_names(),
        "offered": offered(acts, refused),
        "act_url": reverse("appeals:act_on_members"),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/members.html", context, status=422 if refused else 200)


def _add(request: HttpRequest) -> dict[str, Act]:
    officer = officer_of(request)
    bodies = list(body_names()) if officer.of_the_city else [officer.body]
    able = bench.who_may_become_one(bodies)
    if not able:
        return {}

    def adds(said: dict[str, Any]) -> str:
        services.add_member(
            account_id=said["account"],
            name=said["name"],
            profession=Profession(said["profession"]),
            officer_id=officer.account_id,
            at=clock.now(),
        )
        return gettext("The member is added. Now give them a time in office.")

    choices = [(str(one.account_id), f"{one.name} ({one.email})") for one in able]
    add = Act(
        title=_("Add a member"),
        button=_("Add the member"),
        text=_(
            "Whoever has the role of a committee member or of its chair, granted by two administrators, can be added."
        ),
        make=MemberForm,
        facts={"officers": choices},
        work=adds,
    )
    return {"add": add}


def _member(request: HttpRequest, found: MemberShown, refused: Offered | None) -> HttpResponse:
    context = {
        "member": found,
        "body": body_names().get(found.body, ""),
        "offered": offered(_of_member(request, found), refused),
        "act_url": reverse("appeals:act_on_member", args=[found.id]),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/member.html", context, status=422 if refused else 200)


def _of_member(request: HttpRequest, found: MemberShown) -> dict[str, Act]:
    officer, at = officer_of(request), clock.now()

    def commissions(said: dict[str, Any]) -> str:
        services.commission(
            member_id=found.id,
            office=Office(said["office"]),
            begins=said["begins"],
            ends=said["ends"],
            officer_id=officer.account_id,
            at=at,
        )
        return gettext("The time in office stands.")

    acts = {
        "commission": Act(
            title=_("A further time in office"), button=_("Put in office"), make=CommissionForm, work=commissions
        )
    }
    for one in found.times:
        if one.ended_on is None and one.ends_on >= clock.local_date(at):
            acts[f"end-{one.id}"] = _end(one.id, officer.account_id)
    return acts


def _end(commission_id: int, officer_id: int) -> Act:
    def ends(said: dict[str, Any]) -> str:
        services.end_commission(
            commission_id=commission_id,
            last_day=said["last_day"],
            because=said["because"],
            officer_id=officer_id,
            at=clock.now(),
        )
        return gettext("The time in office ends on that day.")

    return Act(
        title=_("End the time in office early"),
        button=_("End the time in office"),
        make=EndForm,
        work=ends,
        danger=True,
    )


def _found(member_id: int) -> MemberShown:
    found = bench.member(member_id, at=clock.now())
    if found is None:
        raise Http404
    return found
