"""Claims of taxpayers that a bill asked too much, at the desk: what has to be answered first stands first."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of, own_file, recent_code_required
from core import clock
from core.errors import Refusal
from refunds import claim_selectors, services
from refunds.claim_forms import AnswerForm
from refunds.claim_selectors import ClaimDetail
from refunds.states import ClaimStatus
from refunds.views.office import ASSESSORS, READERS
from refunds.views.own_claims import opened

# Whoever decides about a bill's correction as the second officer, too.
READ_CLAIMS: Final = (*READERS, Role.APPROVER)


@office_required(*READ_CLAIMS)
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Claims that wait for an answer."""
    context = {"waiting": claim_selectors.waiting_claims(), "sees_desk": _sees_desk(request)}
    return render(request, "refunds/office/claims.html", context)


@office_required(*READ_CLAIMS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Answer one: granted, the bill is corrected by the same act, as far as this officer may alone."""
    found = _found(claim_id)
    officer = officer_of(request)
    own = own_file(officer, found.taxpayer_id)
    context = {"found": found, "claim": found.shown, "own": own, "sees_desk": _sees_desk(request)}
    may_answer = found.shown.status == ClaimStatus.ASKED and not own and bool(officer.roles & {*ASSESSORS})
    if not may_answer:
        return render(request, "refunds/office/claim.html", context, status=403 if request.method == "POST" else 200)
    form = AnswerForm(
        request.POST or None,
        lines=[one.line for one in found.lines],
        wanted={one.line.id: one.wanted for one in found.lines},
        may_grant=Role.ASSESSOR in officer.roles,
    )
    if form.is_valid():
        try:
            said = _answer(found, form, officer.account_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, said)
            return redirect("refunds:claims")
    context["form"] = form
    return render(request, "refunds/office/claim.html", context, status=422 if form.is_bound else 200)


@office_required(*READ_CLAIMS)
@require_GET
def file(request: HttpRequest, claim_id: int, file_id: int) -> HttpResponse:
    return opened(claim_id, file_id)


def _sees_desk(request: HttpRequest) -> bool:
    return bool(officer_of(request).roles & {*READERS})


def _answer(found: ClaimDetail, form: AnswerForm, officer_id: int) -> str:
    answer, claim_id = form.cleaned_data["answer"], found.shown.id
    if form.cleaned_data["granted"] != "yes":
        services.refuse_claim(claim_id=claim_id, answer=answer, officer_id=officer_id)
    elif not services.grant_claim(
        claim_id=claim_id, lines=form.decided(), answer=answer, officer_id=officer_id, at=clock.now()
    ):
        return gettext("The sum wants a second officer. The claimant is told once they have decided.")
    return gettext("Answered. The taxpayer is told and reads it.")


def _found(claim_id: int) -> ClaimDetail:
    try:
        return claim_selectors.claim_detail(claim_id)
    except claim_selectors.NoSuchClaimHere:
        raise Http404 from None
