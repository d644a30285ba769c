"""Returns at the desk: for somebody who is present, and those that were filed at this office."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of, own_file, refuse_own_file
from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from billing.rules.returns.registry import RETURNS, return_kind
from core import audit
from filing import selectors
from filing.models import Return
from filing.views.flow import Page, file_page
from filing.views.public import return_context
from filing.words import WORDS

CLERKS: Final = (Role.ASSESSOR, Role.COLLECTOR)
READERS: Final = (*CLERKS, Role.APPROVER, Role.AUDITOR)


@office_required(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The newest returns at the officer's body."""
    return render(request, "filing/office/desk.html", {"returns": selectors.office_returns()})


@office_required(*CLERKS)
@require_GET
def kinds(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    """What can be filed for somebody who is present."""
    context = {
        "kinds": [(name, WORDS[name]) for name in RETURNS],
        "taxpayer_id": taxpayer_id,
        "payer": _name(request, taxpayer_id),
        "not_here": selectors.not_filed_here(),
    }
    return render(request, "filing/office/kinds.html", context)


@office_required(*CLERKS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, taxpayer_id: int, kind: str) -> HttpResponse:
    """File for somebody who is present."""
    if kind not in RETURNS:
        raise Http404
    names = [(taxpayer_id, _name(request, taxpayer_id))]
    return file_page(request, Page(kind=return_kind(kind), names=names, bodies=_districts(request)))


@office_required(*CLERKS)
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, return_id: int) -> HttpResponse:
    """Amend a return for somebody who is present."""
    found = _found(return_id)
    if found.kind not in RETURNS:
        raise Http404
    names = [(found.taxpayer_id, _name(request, found.taxpayer_id))]
    return file_page(request, Page(kind=return_kind(found.kind), names=names, bodies=_districts(request), amends=found))


@office_required(*READERS)
@require_GET
def detail(request: HttpRequest, return_id: int) -> HttpResponse:
    """A return; whose it was is kept in the audit trail."""
    found = _found(return_id)
    audit.record(action="filing.return_opened", subject=f"return:{found.pk}", taxpayer_id=found.taxpayer_id)
    officer = officer_of(request)
    clerk = not officer.roles.isdisjoint(CLERKS) and not own_file(officer, found.taxpayer_id)
    context = return_context(found)
    return render(request, "filing/return.html", context | {"may_amend": context["may_amend"] and clerk})


def _districts(request: HttpRequest) -> dict[str, str]:
    """Those of this officer's body; the city's staff file at any district."""
    officer = officer_of(request)
    every = [code for code, body in body_kinds().items() if body.kind == "district"]
    return selectors.districts(every if officer.of_the_city else [code for code in every if code == officer.body])


def _name(request: HttpRequest, taxpayer_id: int) -> str:
    found = taxpayer_facts([taxpayer_id]).get(taxpayer_id)
    if found is None:
        raise Http404
    refuse_own_file(officer_of(request), taxpayer_id)
    return found.name


def _found(return_id: int) -> Return:
    try:
        return selectors.find_return(return_id)
    except selectors.NoSuchReturnHere:
        raise Http404 from None
