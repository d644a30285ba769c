"""Automatic debit, as staff see it: what became of a day's debits, and somebody's mandate."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import audit, clock
from core.errors import Refusal
from payments import office_debits
from payments.mandate_forms import DayForm, EndMandateForm, TaxpayerForm
from payments.services import end_for_taxpayer

ENDERS = (Role.COLLECTOR,)


@office_required(*ENDERS, Role.TREASURER, Role.AUDITOR, Role.ADMINISTRATOR)
@require_GET
def debits(request: HttpRequest) -> HttpResponse:
    """What fell due on a day by mandate, and what became of it."""
    today = clock.local_date(clock.now())
    form = DayForm(request.GET if "day" in request.GET else None, initial={"day": today})
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else today
    context = {
        "form": form,
        "day": day,
        "found": office_debits.debit_day(day=day),
        "days": office_debits.days_with_debits(),
    }
    return render(request, "payments/debits.html", context, status=422 if form.errors else 200)


@office_required(*ENDERS, Role.TREASURER, Role.AUDITOR, Role.ADMINISTRATOR)
@require_GET
def mandates(request: HttpRequest) -> HttpResponse:
    """Mandates of one taxpayer; looking somebody's up is recorded."""
    form = TaxpayerForm(request.GET if "text" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = office_debits.find_mandates(text=form.cleaned_data["text"])
        for one in found:
            audit.record(
                action="payment.mandate_looked_up",
                subject=f"mandate:{one.mandate.reference}",
                taxpayer_id=one.taxpayer.id,
            )
    may_end = bool(officer_of(request).roles & {*ENDERS})
    context = {"form": form, "found": found, "may_end": may_end}
    return render(request, "payments/mandates.html", context, status=422 if form.errors else 200)


@office_required(*ENDERS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def end_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """End somebody's automatic debit because they asked for it."""
    found = office_debits.mandate_in_force(mandate_id)
    if found is None:
        raise Http404
    form = EndMandateForm(request.POST or None)
    if form.is_valid():
        officer_id, reason = officer_of(request).account_id, form.cleaned_data["reason"]
        try:
            end_for_taxpayer(mandate_id=mandate_id, reason=reason, officer_id=officer_id, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Nothing is debited any more. The bank is being told."))
            return redirect("payments:mandates")
    return render(
        request, "payments/end_mandate.html", {"form": form, "found": found}, status=422 if form.is_bound else 200
    )
