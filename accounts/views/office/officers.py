"""Officers and their roles: the administrators' pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, account_of, may_see_body, office_required, officer_of, recent_code_required
from accounts.forms.office import AppointForm, AskRoleForm, ReasonForm
from accounts.selectors.officers import OfficerFacts, all_officers, body_names, open_grants
from accounts.services.links import ask_for_link
from accounts.services.people import EmailAlreadyUsed, create_officer
from accounts.services.roles import GrantIsOver, RoleAlreadyHeld, ask_role, end_role, grant_role
from accounts.services.suspension import suspend_officer, take_away_generator
from accounts.views.pages import form_page, refused
from core import clock


@require_GET
@office_required(Role.ADMINISTRATOR, Role.AUDITOR)
def officers(request: HttpRequest) -> HttpResponse:
    seen = [facts for facts in all_officers() if may_see_body(officer_of(request), facts.body)]
    return render(request, "accounts/office/officers.html", {"officers": seen, "bodies": body_names()})


@require_http_methods(["GET", "POST"])
@office_required(Role.ADMINISTRATOR)
@recent_code_required
def appoint(request: HttpRequest) -> HttpResponse:
    """A new officer chooses a password by a link that is mailed."""
    bodies = [(code, name) for code, name in body_names().items() if may_see_body(officer_of(request), code)]
    form = AppointForm(request.POST or None, bodies=bodies)
    if not form.is_valid():
        return form_page(request, form, "office/appoint")
    try:
        account_id = create_officer(**form.cleaned_data, actor_id=account_of(request).pk)
    except EmailAlreadyUsed as refusal:
        return form_page(request, refused(form, refusal.message), "office/appoint")
    ask_for_link(email=form.cleaned_data["email"])
    return HttpResponseRedirect(reverse("accounts:officer", args=[account_id]))


@require_GET
@office_required(Role.ADMINISTRATOR, Role.AUDITOR)
def officer(request: HttpRequest, account_id: int) -> HttpResponse:
    facts = {
        "officer": _officer(request, account_id),
        "grants": open_grants(account_id=account_id),
        "me": account_of(request).pk,
        "bodies": body_names(),
    }
    return render(request, "accounts/office/officer.html", facts)


@require_http_methods(["GET", "POST"])
@office_required(Role.ADMINISTRATOR)
@recent_code_required
def ask(request: HttpRequest, account_id: int) -> HttpResponse:
    facts = _officer(request, account_id)
    form = AskRoleForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/ask_role", officer=facts)
    try:
        ask_role(officer_id=account_id, **form.cleaned_data, actor_id=account_of(request).pk, at=clock.now())
    except RoleAlreadyHeld as refusal:
        return form_page(request, refused(form, refusal.message), "office/ask_role", officer=facts)
    messages.success(request, gettext("Asked for. Another administrator has to grant it."))
    return HttpResponseRedirect(reverse("accounts:officer", args=[account_id]))


@require_POST
@office_required(Role.ADMINISTRATOR)
@recent_code_required
def grant(request: HttpRequest, account_id: int, grant_id: int) -> HttpResponse:
    _open_grant(request, account_id, grant_id)
    grant_role(grant_id=grant_id, actor_id=account_of(request).pk, at=clock.now())
    messages.success(request, gettext("The role is granted."))
    return HttpResponseRedirect(reverse("accounts:officer", args=[account_id]))


@require_http_methods(["GET", "POST"])
@office_required(Role.ADMINISTRATOR)
@recent_code_required
def end(request: HttpRequest, account_id: int, grant_id: int) -> HttpResponse:
    facts = _open_grant(request, account_id, grant_id)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/end_role", officer=facts)
    end_role(grant_id=grant_id, reason=form.cleaned_data["reason"], actor_id=account_of(request).pk, at=clock.now())
    messages.success(request, gettext("The role has ended."))
    return HttpResponseRedirect(reverse("accounts:officer", args=[account_id]))


@require_http_methods(["GET", "POST"])
@office_required(Role.ADMINISTRATOR)
@recent_code_required
def suspend(request: HttpRequest, account_id: int) -> HttpResponse:
    """Suspend an officer, or let a suspended one in again."""
    facts = _officer(request, account_id)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/suspend", officer=facts)
    suspend_officer(account_id=account_id, suspended=facts.active, actor_id=account_of(request).pk, **form.cleaned_data)
    return HttpResponseRedirect(reverse("accounts:officer", args=[account_id]))


@require_http_methods(["GET", "POST"])
@office_required(Role.ADMINISTRATOR)
@recent_code_required
def take_away(request: HttpRequest, account_id: int) -> HttpResponse:
    """An officer has lost the telephone: the next sign-in sets up a new code generator."""
    facts = _officer(request, account_id)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/take_away", officer=facts)
    take_away_generator(account_id=account_id, actor_id=account_of(request).pk, **form.cleaned_data)
    messages.success(request, gettext("The code generator is taken away."))
    return HttpResponseRedirect(reverse("accounts:officer", args=[account_id]))


def _officer(request: HttpRequest, account_id: int) -> OfficerFacts:
    found = next((facts for facts in all_officers() if facts.account_id == account_id), None)
    if found is None or not may_see_body(officer_of(request), found.body):
        raise Http404
    return found


def _open_grant(request: HttpRequest, account_id: int, grant_id: int) -> OfficerFacts:
    """The officer whose grant that is. Raises `GrantIsOver`."""
    facts = _officer(request, account_id)
    if grant_id not in {row.id for row in open_grants(account_id=account_id)}:
        raise GrantIsOver
    return facts
