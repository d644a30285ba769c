"""Giving a card payment back: one officer asks, a second one approves, the worker has the gateway do it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import clock
from core.errors import Refusal
from payments import taken
from payments.forms import CancelForm
from payments.services import ask_cancellation, decide_cancellation

ASKERS = (Role.COLLECTOR,)
DECIDERS = (Role.APPROVER,)


@office_required(*ASKERS, *DECIDERS, Role.TREASURER, Role.AUDITOR)
@require_GET
def cancellations(request: HttpRequest) -> HttpResponse:
    """What waits for a second officer, and what became of the others."""
    officer = officer_of(request)
    return render(
        request,
        "payments/cancellations.html",
        {
            "waiting": taken.cancellations(waiting=True),
            "others": taken.cancellations(waiting=False),
            "me": officer.account_id,
            "may_decide": bool(officer.roles & {*DECIDERS}),
        },
    )


@office_required(*ASKERS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Ask for a card payment to be given back, whole or part."""
    payment = taken.card_payment(payment_id)
    if payment is None:
        raise Http404
    form = CancelForm(request.POST or None, initial={"amount": payment.kept})
    if form.is_valid():
        officer_id = officer_of(request).account_id
        try:
            ask_cancellation(payment_id=payment_id, officer_id=officer_id, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Asked for. Another officer has to approve it."))
            return redirect("payments:cancellations")
    status = 422 if form.is_bound else 200
    return render(request, "payments/cancel.html", {"form": form, "payment": payment}, status=status)


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def decide_cancel(request: HttpRequest, cancellation_id: int) -> HttpResponse:
    """Approve or reject; the database refuses who asked for it themselves."""
    granted = request.POST.get("decision") == "approve"
    officer_id = officer_of(request).account_id
    try:
        decide_cancellation(cancellation_id=cancellation_id, granted=granted, officer_id=officer_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("payments:cancellations")
    done = gettext("Approved. The gateway is asked to give it back.") if granted else gettext("Not approved.")
    messages.success(request, done)
    return redirect("payments:cancellations")
