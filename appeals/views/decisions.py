"""Decisions in the open: looked for, read, cited, and taken along by machines."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import public_page
from appeals.publish_forms import SearchForm
from appeals.selectors import decisions as reads

READABLE = {"ensure_ascii": False, "indent": 1}


@public_page
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """By tax, what it turned on, ruling, year and words; the newest first."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "appeals/decisions.html", {"form": form, "refused": True}, status=422)
    page = reads.find(form.wanted(), page=request.GET.get("page", "1")[:9])
    context = {
        "form": form,
        "page": page,
        "decisions": reads.shown(page),
        "asked": any(value for value in form.cleaned_data.values()),
        "query": request.GET.urlencode(),
    }
    return render(request, "appeals/decisions.html", context)


@public_page
@require_GET
def decisions_file(request: HttpRequest) -> HttpResponse:
    """A page of the same for machines; `next` leads on until it is null."""
    form = _form(request)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422, json_dumps_params=READABLE)
    page = reads.find(form.wanted(), page=request.GET.get("page", "1")[:9])
    further = None
    if page.has_next():
        asked = request.GET.copy()
        asked["page"] = str(page.next_page_number())
        further = f"{request.path}?{asked.urlencode()}"
    found = [
        {**reads.told(one), "address": reverse("decisions:decision", args=[one.year, one.number])}
        for one in reads.shown(page)
    ]
    facts = {"total": page.paginator.count, "decisions": found, "next": further}
    return JsonResponse(facts, json_dumps_params=READABLE)


@public_page
@require_GET
def decision(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """What stands at this address for ever; corrected, it says so."""
    return render(request, "appeals/decision.html", {"decision": _found(year, number)})


@public_page
@require_GET
def decision_file(request: HttpRequest, year: int, number: int) -> HttpResponse:
    found = _found(year, number)
    facts = {**reads.told(found), "address": reverse("decisions:decision", args=[year, number])}
    return JsonResponse(facts, json_dumps_params=READABLE)


def _form(request: HttpRequest) -> SearchForm:
    return SearchForm(request.GET, taxes=reads.taxes(), years=reads.years(), auto_id="search_%s")


def _found(year: int, number: int) -> reads.Decision:
    found = reads.decision(year=year, number=number) if year < 10_000 and number < 1_000_000 else None
    if found is None:
        raise Http404
    return found
