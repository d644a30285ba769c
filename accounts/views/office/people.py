"""Finding taxpayers' records, and opening new ones for people, foreigners and businesses at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, account_of, office_required, officer_of
from accounts.forms.records import FindForm, NewcomerForm
from accounts.selectors.joint import newcomer as newcomer_facts
from accounts.selectors.taxpayers import find_taxpayers
from accounts.services.newcomers import record_newcomer
from accounts.vault.numbers import NotABusinessNumber, NotAResidentNumber
from accounts.views.pages import form_page, waiting
from core import audit

CLERKS = (Role.ASSESSOR, Role.COLLECTOR)
MOST = 50


@require_GET
@office_required(*CLERKS, Role.AUDITOR)
def taxpayers(request: HttpRequest) -> HttpResponse:
    """Search by name or number of the record; every search is audited."""
    form = FindForm(request.GET if "text" in request.GET else None)
    clerk = not officer_of(request).roles.isdisjoint(CLERKS)
    if not form.is_valid():
        return form_page(request, form, "office/taxpayers", clerk=clerk)
    found = find_taxpayers(form.cleaned_data["text"], most=MOST)
    audit.record(action="accounts.records_searched", subject="taxpayers", details=form.cleaned_data)
    facts = {"form": form, "found": found, "full": len(found) == MOST, "clerk": clerk}
    return render(request, "accounts/office/taxpayers.html", facts)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("number")
@office_required(*CLERKS)
def newcomer(request: HttpRequest) -> HttpResponse:
    form = NewcomerForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/newcomer")
    asked = dict(form.cleaned_data)
    try:
        newcomer_id = record_newcomer(
            business=asked.pop("kind") == "business", **asked, actor_id=account_of(request).pk
        )
    except (NotAResidentNumber, NotABusinessNumber) as refusal:
        form.add_error("number", str(refusal.message))
        return form_page(request, form, "office/newcomer")
    return HttpResponseRedirect(reverse("accounts:newcomer_wait", args=[newcomer_id]))


@require_GET
@office_required(*CLERKS)
def newcomer_wait(request: HttpRequest, newcomer_id: int) -> HttpResponse:
    """Until the worker has opened the record."""
    found = newcomer_facts(newcomer_id)
    if found is None:
        raise Http404
    if found.taxpayer is None:
        return waiting(request)
    if found.known:
        messages.warning(request, gettext("This number has a record already. Nothing in it was changed."))
    else:
        messages.success(request, gettext("The record is open."))
    return HttpResponseRedirect(reverse("accounts:taxpayer", args=[found.taxpayer]))
