"""Drawers of the city's counters and cheques that came back: counted by one officer, decided by another."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import clock
from core.errors import Refusal
from payments import counter, services
from payments.counter_forms import CountForm
from payments.states import DrawerStatus
from payments.views.counter import READERS

DECIDERS = (Role.APPROVER, Role.TREASURER)


@office_required(*READERS)
@require_GET
def drawers(request: HttpRequest) -> HttpResponse:
    """Drawers of the officer's body: those open or to be decided first."""
    page = Paginator(counter.drawers(), 50).get_page(request.GET.get("page"))
    return render(request, "payments/drawers.html", {"page": page})


@office_required(*READERS)
@require_http_methods(["GET", "POST"])
def drawer(request: HttpRequest, drawer_id: int) -> HttpResponse:
    """What should be in a drawer; its cashier says what is."""
    found = counter.drawer(drawer_id)
    if found is None:
        raise Http404
    officer = officer_of(request)
    inside = counter.in_drawer(found)
    mine = found.cashier_id == officer.account_id
    form = CountForm(request.POST or None, should=(inside.cash, inside.cheques))
    if request.method == "POST" and form.is_valid():
        try:
            services.count_drawer(drawer_id=drawer_id, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Counted. Another officer has to approve it."))
            return redirect("payments:drawer", drawer_id)
    counted = (found.counted_cash or 0) + (found.counted_cheques or 0)
    context = {
        "drawer": found,
        "inside": inside,
        "off": counted - inside.together,
        "off_cash": (found.counted_cash or 0) - inside.cash,
        "off_cheques": (found.counted_cheques or 0) - inside.cheques,
        "to_bank": counted - found.opening,
        "form": form,
        "page": Paginator(counter.taken_into(found), 50).get_page(request.GET.get("page")),
        "may_count": mine and found.status == DrawerStatus.OPEN,
        "may_decide": found.status == DrawerStatus.COUNTED and not mine and bool(officer.roles & {*DECIDERS}),
    }
    return render(request, "payments/drawer.html", context, status=422 if form.errors else 200)


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def decide_drawer(request: HttpRequest, drawer_id: int) -> HttpResponse:
    """Close it, or have it counted anew; the database refuses its own cashier."""
    granted = request.POST.get("decision") == "approve"
    try:
        services.decide_drawer(drawer_id=drawer_id, granted=granted, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        text = gettext("The drawer is closed.") if granted else gettext("The cashier counts it again.")
        messages.success(request, text)
    return redirect("payments:drawer", drawer_id)


@office_required(*READERS)
@require_GET
def cheques(request: HttpRequest) -> HttpResponse:
    """Cheques that banks did not honour: what waits for a second officer, and what was decided."""
    officer = officer_of(request)
    context = {
        "waiting": counter.bounces(waiting=True),
        "others": counter.bounces(waiting=False),
        "me": officer.account_id,
        "may_decide": Role.APPROVER in officer.roles,
    }
    return render(request, "payments/cheques.html", context)


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def decide_bounce(request: HttpRequest, bounce_id: int) -> HttpResponse:
    """Approve or reject; the database refuses who told of it."""
    granted = request.POST.get("decision") == "approve"
    try:
        services.decide_bounce(bounce_id=bounce_id, granted=granted, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("Approved and done.") if granted else gettext("Not approved."))
    return redirect("payments:cheques")
