"""Opening one's own record without a verified identity, by what stands on a paper bill."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import citizen_required
from accounts.forms.claim import ClaimForm
from accounts.selectors.sessions import claim_status
from accounts.services.claims import TooManyClaims, ask_claim
from accounts.vault.numbers import NotAResidentNumber
from accounts.views.pages import form_page, onward, refused, waiting


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@citizen_required()
def claim(request: HttpRequest) -> HttpResponse:
    form = ClaimForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "claim")
    try:
        ask_claim(**form.cleaned_data)
    except NotAResidentNumber as refusal:
        form.add_error("number", str(refusal.message))
        return form_page(request, form, "claim")
    except TooManyClaims as refusal:
        return form_page(request, refused(form, refusal.message), "claim")
    return HttpResponseRedirect(reverse("accounts:claim_wait"))


@require_GET
@citizen_required()
def wait(request: HttpRequest) -> HttpResponse:
    found = claim_status()
    if found is None:
        return HttpResponseRedirect(reverse("accounts:claim"))
    if found.status == "refused":
        return render(request, "accounts/claim_refused.html", status=422)
    if found.status == "asked":
        return waiting(request)
    return onward(request)
