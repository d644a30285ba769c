"""Cancelling an issued roll as a whole: one officer asks, another decides."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from billing import selectors, services
from billing.forms import ReasonForm
from core import clock


@office_required(Role.ASSESSOR, Role.APPROVER)
@recent_code_required
@require_http_methods(["GET", "POST"])
def ask_to_cancel(request: HttpRequest, roll_id: int) -> HttpResponse:
    roll = _roll(roll_id)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "billing/cancel_roll.html", {"form": form, "roll": roll}, status=status)
    services.ask_to_cancel_roll(
        roll_id=roll_id, asked_by_id=officer_of(request).account_id, reason=form.cleaned_data["reason"]
    )
    return redirect("billing:roll", roll_id)


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def decide_to_cancel(request: HttpRequest, roll_id: int) -> HttpResponse:
    _roll(roll_id)
    services.decide_to_cancel_roll(
        roll_id=roll_id,
        decided_by_id=officer_of(request).account_id,
        agreed=request.POST.get("decision") == "agree",
        at=clock.now(),
    )
    return redirect("billing:roll", roll_id)


def _roll(roll_id: int) -> selectors.RollSummary:
    try:
        return selectors.preview(roll_id=roll_id).roll
    except selectors.NoSuchRoll:
        raise Http404 from None
