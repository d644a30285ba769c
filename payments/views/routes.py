"""Which gateway serves a way to pay: the city's administrator decides, without a restart."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import clock
from core.errors import Refusal
from payments import office
from payments.forms import RouteForm
from payments.gateways import routing
from payments.services import route_channel
from payments.views.office import only_the_citys


@office_required(Role.ADMINISTRATOR, Role.TREASURER, Role.AUDITOR)
@require_GET
def routes(request: HttpRequest) -> HttpResponse:
    """Every way to pay with its gateways in their order, and how each gateway answers."""
    only_the_citys(request)
    context = {
        "routes": office.routes(at=clock.now()),
        "gateways": office.gateways(at=clock.now()),
        "may_change": Role.ADMINISTRATOR in officer_of(request).roles,
    }
    return render(request, "payments/routes.html", context)


@office_required(Role.ADMINISTRATOR)
@recent_code_required
@require_http_methods(["GET", "POST"])
def route(request: HttpRequest, channel: str) -> HttpResponse:
    only_the_citys(request)
    found = next((one for one in office.routes(at=clock.now()) if one.channel == channel), None)
    if found is None:
        raise Http404
    first = {f"gateway_{place}": name for place, name in enumerate(found.gateways, start=1)}
    form = RouteForm(
        request.POST if request.method == "POST" else None,
        capable=routing.capable(found.channel),
        initial={**first, "is_open": found.is_open},
    )
    if form.is_valid():
        try:
            route_channel(
                channel=found.channel,
                gateways=form.gateways(),
                is_open=form.cleaned_data["is_open"],
                actor_id=officer_of(request).account_id,
                at=clock.now(),
            )
            return redirect("payments:routes")
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"route": found, "form": form}
    return render(request, "payments/route.html", context, status=422 if form.is_bound else 200)
