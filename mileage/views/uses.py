"""Using points for something else than a bill; taking it back while it waits."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Assurance, account_of, citizen_required
from accounts.selectors import taxpayer_facts
from core import clock
from core.errors import Refusal
from mileage import selectors, services
from mileage.ports import banks_paid_into
from mileage.rules.pack import pack
from mileage.states import Way
from mileage.use_forms import UseForm


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, way: str) -> HttpResponse:
    """Ask for points to be loaded on a card, sent as a voucher, paid out, or given away."""
    if way not in UseForm.FIELDS:
        raise Http404
    at, wanted = clock.now(), Way(way)
    mine = selectors.my_points(at=at)
    if mine is None:
        raise Http404
    told = request.POST if request.method == "POST" else None
    banks = banks_paid_into(on=clock.local_date(at)) if wanted == Way.CASH else {}
    form = UseForm(told, way=wanted, partners=pack().partners.get(way, ()), banks=banks)
    if form.is_valid():
        target = form.target()
        if wanted == Way.CASH:  # to nobody's account but the taxpayer's own
            target["holder"] = _own_name(request)
        points = form.cleaned_data["points"]
        try:
            services.ask_conversion(way=wanted, points=points, target=target, grade=mine.grade, at=at)
        except Refusal as refusal:
            form.add_error("points", str(refusal.message))
        else:
            messages.success(request, gettext("Asked for. You see here what becomes of it."))
            return redirect("mileage:home")
    context = {"form": form, "way": wanted, "mine": mine, "rule": services.rule_for(way=wanted, grade=mine.grade)}
    return render(request, "mileage/use.html", context, status=422 if form.errors else 200)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what waits."""
    try:
        services.withdraw(reference=reference, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("Taken back. The points are free again."))
    return redirect("mileage:home")


def _own_name(request: HttpRequest) -> str:
    taxpayer = account_of(request).taxpayer_id
    if taxpayer is None:
        raise Http404
    return taxpayer_facts([taxpayer])[taxpayer].name
