"""A citizen claims that a bill is corrected, brings papers for it, and reads the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import citizen_required
from accounts.selectors.taxpayers import own_records
from billing import selectors as bills
from billing.selectors import Claimable
from core import audit, clock
from core.acting import carried_out
from core.errors import Refusal
from core.evidence import answer_with
from refunds import claim_selectors, services
from refunds.claim_forms import ClaimForm, FileForm
from refunds.claim_selectors import ClaimShown
from refunds.services import ClaimWish
from refunds.states import Ground


@citizen_required()
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Say that a bill asked too much, why, and what each tax should be, with a paper that shows it."""
    found = bills.claimable(bill_id=bill_id, at=clock.now())
    if found is None or found.bill.taxpayer_id not in {record.id for record in own_records()}:
        raise Http404
    form = _form(request, found)
    if form.is_valid():
        try:
            made = services.claim(bill_id=bill_id, wish=_wish(form))
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Your claim is noted. An officer answers it, and you are told."))
            return redirect("refunds:own_claim", made)
    context = {"form": form, "bill": found.bill, "filed": found.filed, "months": claim_selectors.answered_within()}
    return render(request, "refunds/claim.html", context, status=422 if form.is_bound else 200)


@citizen_required()
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim with its papers and its answer; while it waits, one more paper may be brought."""
    found = _own(claim_id)
    form = FileForm(request.POST or None, request.FILES or None) if found.waits else None
    if form is not None:

        def keep(_: object) -> None:
            name, kind, content = form.cleaned_data["file"]
            services.add_claim_file(claim_id=claim_id, name=name, kind=kind, content=content)

        if request.method == "POST" and carried_out(request, form, keep, told=gettext("The file is added.")):
            return redirect("refunds:own_claim", claim_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "refunds/own_claim.html", {"claim": found, "form": form}, status=status)


@citizen_required()
@require_GET
def file(request: HttpRequest, claim_id: int, file_id: int) -> HttpResponse:
    return opened(claim_id, file_id)


def opened(claim_id: int, file_id: int) -> HttpResponse:
    """A paper that the session may see: what the scanner passed, or a picture of our own drawing."""
    found = claim_selectors.file_of_claim(claim_id=claim_id, file_id=file_id)
    if found is None:
        raise Http404
    audit.record(action="refund.file_read", subject=f"claim:{claim_id}", details={"file": file_id})
    name, kind, content = found
    return answer_with(name=name, kind=kind, content=content)


def _form(request: HttpRequest, found: Claimable) -> ClaimForm:
    return ClaimForm(
        request.POST or None,
        request.FILES or None,
        grounds=claim_selectors.grounds_of(found),
        since=claim_selectors.heard_since(),
        lines=found.lines,
    )


def _wish(form: ClaimForm) -> ClaimWish:
    told = form.cleaned_data
    return ClaimWish(
        ground=Ground(told["ground"]),
        lines=form.wanted(),
        text=told["text"],
        base=told["base"],
        known_on=told["known_on"],
        file=told["file"],
    )


def _own(claim_id: int) -> ClaimShown:
    try:
        return claim_selectors.own_claim(claim_id)
    except claim_selectors.NoSuchClaimHere:
        raise Http404 from None
