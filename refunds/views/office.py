"""The refund desk: a queue, one officer who assesses, others who approve, one by one or in a batch."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, own_file, recent_code_required
from core import clock
from core.errors import Refusal
from refunds import claim_selectors, second_officer, selectors, services
from refunds.desk_forms import DestinationForm, ReasonForm, RecoveryForm, VerdictForm
from refunds.explain import sentences
from refunds.forms import DecideForm
from refunds.selectors import RefundDetail
from refunds.states import Status, Told
from refunds.views.assessing import FIXED, assess_form, said

ASSESSORS: Final = (Role.COLLECTOR, Role.ASSESSOR)
APPROVERS: Final = (Role.REFUND_APPROVER,)
READERS: Final = (*ASSESSORS, *APPROVERS, Role.TREASURER, Role.AUDITOR)
A_PAGE: Final = 50


@office_required(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, with age and deadline; how many are in each state, and how old they are."""
    status = request.GET.get("status", Status.OPENED)
    if status not in Status.values:
        raise Http404
    page = Paginator(selectors.queue(status=status, text=_asked_for(request)), A_PAGE).get_page(request.GET.get("page"))
    officer = officer_of(request)
    claims, late_claims = claim_selectors.how_many_wait()
    context = {
        "page": page,
        "claims": claims,
        "late_claims": late_claims,
        "rows": selectors.summaries(list(page.object_list), marked=True),
        "status": status,
        "states": selectors.by_state(),
        "ages": selectors.by_age(at=clock.now()),
        "today": clock.local_date(clock.now()),
        "may_approve": bool(officer.roles & {*APPROVERS}) and status == Status.ASSESSED,
        "me": officer.account_id,
    }
    return render(request, "refunds/office/desk.html", context)


@office_required(*READERS)
@require_GET
def unclaimed(request: HttpRequest) -> HttpResponse:
    """What nobody has asked for, and what waits for an account; what is prescribed first stands first."""
    page = Paginator(selectors.unclaimed(), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": selectors.summaries(list(page.object_list), marked=True)}
    return render(request, "refunds/office/unclaimed.html", context)


@office_required(*READERS)
@require_GET
def refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    return refund_page(request, found_or_404(refund_id))


@office_required(*ASSESSORS)
@recent_code_required
@require_POST
def assess(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The first officer says what it is and how it goes back."""
    found = found_or_404(refund_id)
    form = assess_form(request.POST, found)
    if form.is_valid():
        told = form.cleaned_data
        facts = {"refund_id": refund_id, "believed": told["believed"], "says": said(form), "reason": told["reason"]}
        try:
            services.assess_refund(**facts, officer_id=officer_of(request).account_id, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Assessed. Another officer has to approve it."))
            return redirect("refunds:desk")
    return refund_page(request, found, assess=form)


@office_required(*APPROVERS)
@recent_code_required
@require_POST
def approve(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The second officer, or the third, decides."""
    found = found_or_404(refund_id)
    form = DecideForm(request.POST)
    if form.is_valid():
        officer_id = officer_of(request).account_id
        try:
            became = services.decide_refund(
                refund_id=refund_id, officer_id=officer_id, at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _became(became))
            return redirect("refunds:desk")
    return refund_page(request, found, decide=form)


@office_required(*APPROVERS)
@recent_code_required
@require_POST
def approve_batch(request: HttpRequest) -> HttpResponse:
    """Approve what was ticked; of the sample only what was opened and looked at before."""
    pairs = [text.partition(":") for text in request.POST.getlist("refund")[: services.batch_at_most() + 1]]
    chosen = [
        (int(pk), int(sum_))
        for pk, _, sum_ in pairs
        if pk.isdecimal() and sum_.isdecimal() and len(pk) < 18 and len(sum_) < 18
    ]
    try:
        done = services.approve_batch(refunds=chosen, officer_id=officer_of(request).account_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        text = ngettext("%(number)s refund is approved.", "%(number)s refunds are approved.", done)
        messages.success(request, text % {"number": done})
    return redirect(f"{request.path.removesuffix('approve/')}?status={Status.ASSESSED}")


def _asked_for(request: HttpRequest) -> str:
    """A reference that was typed; the database takes no NUL in a text."""
    return request.GET.get("q", "")[:40].replace("\x00", "")


def _became(became: str) -> str:
    return {
        "approved": gettext("Approved. It is being paid back."),
        "third": gettext("Approved. The sum wants one more officer."),
        "rejected": gettext("Rejected. The taxpayer reads the reason."),
        "returned": gettext("It has to be assessed again."),
    }[became]


def found_or_404(refund_id: int) -> RefundDetail:
    try:
        return selectors.refund_detail(refund_id)
    except selectors.NoSuchRefund:
        raise Http404 from None


def refund_page(request: HttpRequest, found: RefundDetail, **sent: forms.Form) -> HttpResponse:
    """The page of a refund with every form that this officer may fill; one that was `sent` stands as it was sent."""
    officer, summary = officer_of(request), found.summary
    free = summary.taxpayer_id is None or not own_file(officer, summary.taxpayer_id)
    assesses, approves = free and bool(officer.roles & {*ASSESSORS}), free and bool(officer.roles & {*APPROVERS})
    others = officer.account_id not in (summary.assessed_by, summary.approved_by)
    claimed = second_officer.claimed(summary.id)
    to = second_officer.goes_to(summary.id) if assesses or approves else None
    shown: dict[str, forms.Form] = {}
    if assesses and summary.status == Status.OPENED:
        shown["assess"] = assess_form(None, found)
    if approves and others and summary.status == Status.ASSESSED:
        shown["decide"] = DecideForm(initial={"believed": summary.total, "verdict": "approve"})
    if assesses and summary.status == Status.REJECTED:
        shown["reopen"] = ReasonForm()
    if assesses and to is not None:
        shown["destination"] = DestinationForm(initial={"bank": to.bank, "number": to.number, "holder": to.holder})
    if assesses and claimed:
        shown["recovery"] = RecoveryForm(initial={"amount": claimed})
    if approves:
        shown["verdict"] = VerdictForm()
    context = {
        "refund": found,
        "steps": sentences(found.steps),
        "claimed": claimed,
        "goes_to": to,
        "told_by": Told(found.told_by).label if found.told_by in FIXED else "",
        "behind": claim_selectors.request_behind(found) if summary.status == Status.OPENED else None,
        "destinations": second_officer.destinations(summary.id),
        "claim_ends": second_officer.claim_ends(summary.id),
        "form": next(iter(sent.values()), None),
        "me": officer.account_id,
        "today": clock.local_date(clock.now()),
        **shown,
        **sent,
    }
    return render(request, "refunds/office/refund.html", context, status=422 if sent else 200)
