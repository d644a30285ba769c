"""Due dates moved for everybody: the acts, asking for one, deciding about one."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of, recent_code_required
from billing import life_forms as forms
from billing import selectors, services
from billing.views.life import name_of_officer
from core import clock
from core.errors import Refusal

READERS: Final = (Role.ASSESSOR, Role.COLLECTOR, Role.APPROVER, Role.AUDITOR)


@office_required(*READERS)
@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    may_ask = officer.of_the_city and bool(officer.roles & {Role.ASSESSOR, Role.COLLECTOR})
    return render(request, "billing/extensions.html", {"acts": selectors.extensions(), "may_ask": may_ask})


@office_required(Role.ASSESSOR, Role.COLLECTOR)
@recent_code_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Only the city moves due dates for everybody."""
    if not officer_of(request).of_the_city:
        raise Http404
    form = forms.ExtensionForm(request.POST or None)
    if form.is_valid():
        try:
            act_id = services.propose_extension(
                **form.cleaned_data, asked_by_id=officer_of(request).account_id, at=clock.now()
            )
            return redirect("billing:extension", act_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    return render(request, "billing/extension_new.html", {"form": form}, status=422 if form.is_bound else 200)


@office_required(*READERS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, act_id: int) -> HttpResponse:
    """One act; an approver of the city decides about it here."""
    found = next((row for row in selectors.extensions() if row.id == act_id), None)
    if found is None:
        raise Http404
    officer = officer_of(request)
    may_decide = found.status == "proposed" and officer.of_the_city and Role.APPROVER in officer.roles
    form = forms.DecideForm(request.POST or None) if may_decide else None
    if form is not None and form.is_valid():
        try:
            services.decide_extension(
                extension_id=act_id,
                decided_by_id=officer.account_id,
                approved=form.cleaned_data["approved"],
                because=form.cleaned_data["because"],
                at=clock.now(),
            )
            return redirect("billing:extension", act_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    status = 422 if form is not None and form.is_bound else 200
    names = {"asked_by": name_of_officer(found.asked_by), "decided_by": name_of_officer(found.decided_by)}
    context = {"act": found, "form": form, **names, **forms.names_of(taxes=found.taxes, bodies=found.bodies)}
    return render(request, "billing/extension.html", context, status=status)
