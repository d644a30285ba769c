"""Automatic debit, as a taxpayer sets it up, follows and ends it. What calls the bank runs outside any transaction."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Assurance, account_of, citizen_required
from core import clock
from core.errors import Refusal
from payments import own_debits, services
from payments.falling_due import schedule
from payments.mandate_forms import SetUpForm

OWN = citizen_required(assurance=Assurance.IDENTITY)


@OWN
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def automatic_debit(request: HttpRequest) -> HttpResponse:
    """What is debited and when; where nothing is, how to set it up."""
    at = clock.now()
    form = SetUpForm(request.POST if request.method == "POST" else None, banks=services.banks_served(at=at))
    taxpayer_id = account_of(request).taxpayer_id
    if taxpayer_id is not None and form.is_valid():
        try:
            return _to_the_bank(request, taxpayer_id, form.cleaned_data["bank"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    with transaction.atomic():
        context = {"form": form, "serving": bool(form.fields["bank"].choices[1:])}  # type: ignore[attr-defined]
        if taxpayer_id is not None:
            context |= {
                "known": True,
                "mandate": own_debits.own_mandate(taxpayer_id=taxpayer_id),
                "planned": own_debits.planned(taxpayer_id=taxpayer_id, at=at),
                "made": own_debits.made(taxpayer_id=taxpayer_id, at=at),
            }
        rule = schedule(on=clock.local_date(at))
        context["tries"] = rule.tries if rule else ()
        return render(request, "payments/automatic_debit.html", context, status=422 if form.is_bound else 200)


def _to_the_bank(request: HttpRequest, taxpayer_id: int, bank: str) -> HttpResponse:
    opened = services.set_up(
        taxpayer_id=taxpayer_id,
        account_id=account_of(request).pk,
        bank=bank,
        language="en" if get_language() == "en" else "ko",
        success_url=_address("payments:mandate_agreed"),
        fail_url=_address("payments:mandate_not_agreed"),
        at=clock.now(),
    )
    return HttpResponseRedirect(opened.go_to or reverse("payments:automatic_debit"), status=303)


@OWN
@require_GET
def mandate_agreed(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the bank's page having agreed: a claim, so the bank is asked."""
    services.returned(reference=reference, agreed=True)
    return redirect("payments:automatic_debit")


@OWN
@require_GET
def mandate_not_agreed(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the bank's page without having agreed."""
    services.returned(reference=reference, agreed=False)
    messages.info(request, gettext("You came back without having agreed. You can set it up again at any time."))
    return redirect("payments:automatic_debit")


@OWN
@require_http_methods(["GET", "POST"])
def end_automatic_debit(request: HttpRequest) -> HttpResponse:
    """What it means to end it, and the button that does."""
    taxpayer_id = account_of(request).taxpayer_id
    mandate = own_debits.own_mandate(taxpayer_id=taxpayer_id) if taxpayer_id is not None else None
    if mandate is None or not mandate.active:
        return redirect("payments:automatic_debit")
    if request.method == "POST":
        try:
            services.end_own(reference=mandate.reference)
        except services.NothingToEnd as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, gettext("Nothing is debited any more. The bank is being told."))
        return redirect("payments:automatic_debit")
    return render(request, "payments/end_automatic_debit.html", {"mandate": mandate})


def _address(name: str) -> str:
    path = reverse(name, args=["REFERENCE"]).replace("REFERENCE", "{reference}")
    return str(settings.PUBLIC_URL).rstrip("/") + path
