"""The selection of model taxpayers: in the open for everybody, and at the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, public_page, recent_code_required
from core import clock
from core.errors import Refusal
from mileage import services
from mileage.forms import DrawForm, EventForm, OutcomeForm
from mileage.selectors import draws as reads
from mileage.states import DrawStatus
from mileage.views.desk import READERS, only_the_citys


@public_page
@require_GET
def selections(request: HttpRequest) -> HttpResponse:
    """Every selection, newest first, and how it is done."""
    return render(request, "mileage/selections.html", {"draws": reads.draws()})


@public_page
@require_GET
def selection(request: HttpRequest, year: int) -> HttpResponse:
    """What was published of one selection, and how anybody repeats it."""
    found = reads.draw_of(year)
    if found is None:
        raise Http404
    winners = sorted((place, mark) for mark, place in reads.marks(found.id) if place is not None)
    context = {"draw": found, "winners": winners[:500], "more": max(len(winners) - 500, 0)}
    return render(request, "mileage/selection.html", context)


@public_page
@require_GET
def selection_file(request: HttpRequest, year: int) -> HttpResponse:
    """Everything that repeating it needs, as data."""
    found = reads.draw_of(year)
    if found is None or found.status not in {DrawStatus.LISTED, DrawStatus.REVEALED}:
        raise Http404
    response = JsonResponse(reads.record_of(found), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="draw-{year}.json"'
    return response


@office_required(*READERS)
@require_http_methods(["GET", "POST"])
def draws(request: HttpRequest) -> HttpResponse:
    """Selections, and beginning the next; how many holders have each grade."""
    only_the_citys(request)
    at = clock.now()
    approver = Role.APPROVER in officer_of(request).roles
    form = DrawForm(request.POST if request.method == "POST" and approver else None, initial=_this_year(at))
    if form.is_valid():
        try:
            services.begin_draw(**form.cleaned_data, at=at)
        except Refusal as refusal:
            form.add_error("year", str(refusal.message))
        else:
            messages.success(request, gettext("Begun. The seed is bound and the list made within a minute."))
            return redirect("mileage:draws")
    return _desk(request, begin=form, at=at)


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def event(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Name the public event to come with whose outcome lots are drawn."""
    only_the_citys(request)
    form = EventForm(request.POST, prefix=f"draw{draw_id}")
    if form.is_valid():
        try:
            services.name_event(draw_id=draw_id, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("on", str(refusal.message))
        else:
            messages.success(request, gettext("Named. It stands in the city's log."))
            return redirect("mileage:draws")
    return _desk(request, bound={draw_id: form}, at=clock.now())


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def reveal(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Say how the event came out and have the seed told; the draw follows from them."""
    only_the_citys(request)
    at = clock.now()
    form = OutcomeForm(request.POST, prefix=f"draw{draw_id}")
    if form.is_valid():
        try:
            services.reveal_draw(draw_id=draw_id, **form.cleaned_data, at=at)
        except Refusal as refusal:
            form.add_error("outcome", str(refusal.message))
        else:
            messages.success(request, gettext("The seed is told and the lots are drawn within a minute."))
            return redirect("mileage:draws")
    return _desk(request, bound={draw_id: form}, at=at)


def _desk(
    request: HttpRequest,
    *,
    at: datetime,
    begin: DrawForm | None = None,
    bound: Mapping[int, forms.Form] | None = None,
) -> HttpResponse:
    """The office's page; `bound`: what was typed for a draw, with what is wrong about it."""
    officer = officer_of(request)
    approver = Role.APPROVER in officer.roles
    typed = dict(bound or {})
    rows = []
    for one in reads.draws():
        waits = approver and one.status == DrawStatus.LISTED and not one.revealed_at
        asks = EventForm if not one.event else OutcomeForm if one.begun_by != officer.account_id else None
        form = typed.get(one.id) or (asks(prefix=f"draw{one.id}") if waits and asks else None)
        rows.append((one, form))
    context = {
        "form": begin or DrawForm(initial=_this_year(at)),
        "may_begin": approver,
        "draws": rows,
        "grades": reads.holders_by_grade(on=clock.local_date(at)),
    }
    wrong = bool(typed) or bool(begin and begin.errors)
    return render(request, "mileage/office/draws.html", context, status=422 if wrong else 200)


def _this_year(at: datetime) -> dict[str, int]:
    return {"year": clock.local_date(at).year}
