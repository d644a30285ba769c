"""The pool of special tax advocates: kept by the city's clerk, and partly by each for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from accounts.selectors.officers import body_kinds, body_names
from appeals import advocate_forms as forms
from appeals.selectors import fairness, pool
from appeals.services import pool as services
from appeals.views import advocate_desk
from core import clock
from core.acting import carried_out

EITHER = (Role.COURT_CLERK, Role.SPECIAL_TAX_ADVOCATE)


def of_the_city(request: HttpRequest) -> None:
    """The pool is the city's."""
    if not officer_of(request).of_the_city:
        raise Http404


@office_required(Role.COURT_CLERK)
@require_GET
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody in the pool, and who could be taken into it."""
    of_the_city(request)
    at = clock.now()
    today, names = clock.local_date(at), body_names()
    rows = [
        {
            "one": one,
            "away": one.away(today),
            "knows": [(pool.tax_names().get(tax, tax), level) for tax, level in sorted(one.knows.items())],
            "districts": [names.get(code, code) for code in one.districts],
        }
        for one in pool.pool(at=at)
    ]
    return render(request, "appeals/office/pool.html", {"rows": rows})


@office_required(Role.COURT_CLERK)
@require_http_methods(["GET"])
def advocate(request: HttpRequest, officer_id: int) -> HttpResponse:
    of_the_city(request)
    return _page(request, officer_id)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def keep(request: HttpRequest, officer_id: int) -> HttpResponse:
    """Take somebody into the pool, or change what is known of them."""
    of_the_city(request)
    form = profile_form(_found(officer_id), request.POST)
    return _act(
        request, officer_id, "profile", form,
        lambda at: services.keep_advocate(officer_id=officer_id, profile=form.profile(), at=at),
        done=gettext("Kept. The next draw goes by it."),
    )  # fmt: skip


@office_required(*EITHER)
@recent_code_required
@require_POST
def absence(request: HttpRequest, officer_id: int) -> HttpResponse:
    form = forms.AbsenceForm(request.POST, auto_id="absence_%s")
    return _act(
        request, officer_id, "absence", form,
        lambda at: services.declare_absence(officer_id=officer_id, at=at, **form.cleaned_data),
        done=gettext("The absence is entered."),
    )  # fmt: skip


@office_required(*EITHER)
@recent_code_required
@require_POST
def call_off(request: HttpRequest, officer_id: int, absence_id: int) -> HttpResponse:
    return _act(
        request, officer_id, "absence", Form(request.POST),
        lambda at: services.call_off_absence(absence_id=absence_id, at=at),
        done=gettext("The absence is called off."),
    )  # fmt: skip


@office_required(*EITHER)
@recent_code_required
@require_POST
def conflict(request: HttpRequest, officer_id: int) -> HttpResponse:
    """They are not free towards a petitioner."""
    form = forms.ConflictForm(request.POST, auto_id="conflict_%s")
    return _act(
        request, officer_id, "conflict", form,
        lambda at: services.declare_conflict(officer_id=officer_id, at=at, **form.cleaned_data),
        done=gettext("The conflict is entered. Another advocate is drawn for their cases."),
    )  # fmt: skip


@office_required(Role.SPECIAL_TAX_ADVOCATE)
@recent_code_required
@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    """How petitioners reach the advocate who is signed in."""
    form = forms.ReachForm(request.POST, auto_id="reach_%s")
    return _act(
        request, officer_of(request).account_id, "reach", form,
        lambda at: services.keep_reach(at=at, **form.cleaned_data),
        done=gettext("Kept. Petitioners see it on their case's page."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """How evenly cases fell."""
    of_the_city(request)
    return render(request, "appeals/office/fairness.html", {"report": fairness.report(at=clock.now())})


@office_required(Role.COURT_CLERK)
@require_GET
def report_json(request: HttpRequest) -> HttpResponse:
    of_the_city(request)
    return JsonResponse(
        fairness.report(at=clock.now()).as_json(), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )


def profile_form(one: pool.Pooled, data: Any) -> forms.ProfileForm:
    names = body_names()
    districts = [(code, names[code]) for code, body in body_kinds().items() if body.kind == "district"]
    teams = [(team.code, team.name) for team in pool.teams(clock.local_date(clock.now()))]
    initial = {name: getattr(one, name) for name in ("in_pool", "most", "team", "districts", "phone", "room")}
    initial |= {f"tax_{tax}": level for tax, level in one.knows.items()}
    return forms.ProfileForm(
        data, taxes=pool.tax_names(), teams=teams, districts=districts, initial=initial, auto_id="profile_%s"
    )


def _found(officer_id: int) -> pool.Pooled:
    found = pool.pooled(officer_id, at=clock.now())
    if found is None:
        raise Http404
    return found


def _act(
    request: HttpRequest, officer_id: int, name: str, form: Form, work: Callable[[datetime], None], *, done: str
) -> HttpResponse:
    """Do it, or show the page again with what was typed and what is wrong with it."""
    if carried_out(request, form, work, told=done):
        own = officer_of(request).account_id == officer_id
        return redirect("appeals:advocate_desk") if own else redirect("appeals:advocate", officer_id)
    return _page(request, officer_id, **{name: form})


def _page(request: HttpRequest, officer_id: int, **bound: Form) -> HttpResponse:
    """One of the pool, or the advocate's own desk; `bound`: the form that was refused."""
    if officer_of(request).account_id == officer_id:
        return advocate_desk.page(request, **bound)
    of_the_city(request)
    found = _found(officer_id)
    context = {
        "one": found,
        "profile": bound.get("profile") or profile_form(found, None),
        "absence": bound.get("absence") or forms.AbsenceForm(auto_id="absence_%s"),
        "conflict": bound.get("conflict") or forms.ConflictForm(auto_id="conflict_%s"),
        "form": next(iter(bound.values()), None),
        "history": pool.history(officer_id),
    }
    return render(request, "appeals/office/advocate.html", context, status=422 if bound else 200)
