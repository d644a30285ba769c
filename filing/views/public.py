"""Returns of one's own: what can be filed, filing, amending, and what became of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import citizen_required
from accounts.selectors.officers import body_kinds
from accounts.selectors.taxpayers import own_records
from billing.rules.returns.registry import RETURNS, NoSuchReturn, return_kind
from core import clock
from filing import selectors, services
from filing.models import Return
from filing.services import NotSourced
from filing.views.flow import Page, figures, file_page
from filing.words import WORDS


@citizen_required()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What can be filed, and one's own returns."""
    context = {
        "kinds": [(name, WORDS[name]) for name in RETURNS],
        "returns": selectors.own_returns(),
        "not_here": selectors.not_filed_here(),
        "known": bool(own_records()),
    }
    return render(request, "filing/mine.html", context)


@citizen_required()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """File a return of a kind."""
    if kind not in RETURNS:
        raise Http404
    names = [(record.id, record.name) for record in own_records()]
    if not names:
        return redirect("filing:mine")
    return file_page(request, Page(kind=return_kind(kind), names=names, bodies=_districts(), public=True))


@citizen_required()
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, return_id: int) -> HttpResponse:
    """File a new figure for the same thing before the office corrects it (수정신고)."""
    found = _found(return_id)
    names = [(record.id, record.name) for record in own_records() if record.id == found.taxpayer_id]
    if found.kind not in RETURNS or not names:
        raise Http404
    page = Page(kind=return_kind(found.kind), names=names, bodies=_districts(), amends=found, public=True)
    return file_page(request, page)


@citizen_required()
@require_GET
def detail(request: HttpRequest, return_id: int) -> HttpResponse:
    """A return with its receipt number, what it comes to, and its bill as soon as that is there."""
    return render(request, "filing/return.html", return_context(_found(return_id)) | {"public": True})


@citizen_required()
@require_GET
def of_bill(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The return of which a bill was made."""
    try:
        return redirect("filing:return", selectors.return_of_bill(bill_id))
    except selectors.NoSuchReturnHere:
        raise Http404 from None


def return_context(found: Return) -> dict[str, object]:
    """A return as its page shows it."""
    shown = selectors.return_shown(found)
    context: dict[str, object] = {
        "shown": shown,
        "declared": selectors.declared(found.kind, found.inputs),
        "why": found.why,
        "amends": found.amends_id,
        "amended_by": selectors.amended_by(found),
        "may_amend": services.may_be_amended(found, at=clock.now()),
    }
    try:
        return context | figures(services.draft_of(found))
    except (NotSourced, NoSuchReturn, ValueError):
        return context


def _districts() -> dict[str, str]:
    return selectors.districts(code for code, body in body_kinds().items() if body.kind == "district")


def _found(return_id: int) -> Return:
    try:
        return selectors.find_return(return_id)
    except selectors.NoSuchReturnHere:
        raise Http404 from None
