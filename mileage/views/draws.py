"""The selection of model taxpayers: in the open for everybody, and at the office."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, public_page, recent_code_required
from core import clock
from core.errors import Refusal
from mileage import services
from mileage.selectors import draws as reads
from mileage.states import DrawStatus
from mileage.views.desk import READERS, only_the_citys


class DrawForm(forms.Form):
    """For which year, and how many are drawn."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    places = forms.IntegerField(label=_("How many are drawn"), min_value=1, max_value=100_000)


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
    officer = officer_of(request)
    approver = Role.APPROVER in officer.roles
    told = request.POST if request.method == "POST" and approver else None
    form = DrawForm(told, initial={"year": clock.local_date(at).year})
    if approver and form.is_valid():
        try:
            services.begin_draw(**form.cleaned_data, at=at)
        except Refusal as refusal:
            form.add_error("year", str(refusal.message))
        else:
            messages.success(request, gettext("Begun. The seed is bound and the list made within a minute."))
            return redirect("mileage:draws")
    context = {
        "form": form,
        "may_begin": approver,
        "draws": [(one, approver and one.begun_by != officer.account_id) for one in reads.draws()],
        "grades": reads.holders_by_grade(on=clock.local_date(at)),
    }
    return render(request, "mileage/office/draws.html", context, status=422 if form.errors else 200)


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def reveal(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Have the seed told; the draw follows from it."""
    only_the_citys(request)
    try:
        services.reveal_draw(draw_id=draw_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("The seed is told and the lots are drawn within a minute."))
    return redirect("mileage:draws")
