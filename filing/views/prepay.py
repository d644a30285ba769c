"""Paying automobile tax ahead (연납), car by car."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import citizen_required
from billing.explain import sentences
from core import clock
from core.errors import Refusal
from filing import services
from filing.forms import PrepayForm


@citizen_required()
@require_http_methods(["GET", "POST"])
def prepay(request: HttpRequest) -> HttpResponse:
    """One's cars with what paying ahead comes to this month; each is applied for by its own button."""
    at = clock.now()
    form = PrepayForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("filing:return", services.apply_for_prepayment(**form.cleaned_data, at=at))
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {
        "offers": [(offer, sentences(offer.assessed.steps), uuid4()) for offer in services.offers(at=at)],
        "months": services.next_months(at=at),
        "form": form,
    }
    return render(request, "filing/prepay.html", context, status=422 if form.errors else 200)
