"""Bills before the Tax Tribunal: what their payers see and say."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Assurance, citizen_required
from accounts.selectors.taxpayers import own_records
from appeals.selectors import tribunal
from appeals.services import tribunal as acts
from appeals.tribunal_forms import SeizedForm
from appeals.views.bill_lines import named_of_bill
from billing import selectors as bills
from core import clock
from core.errors import Refusal


@citizen_required()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "appeals/tribunals.html", {"referrals": tribunal.mine(at=clock.now())})


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def seize(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Say that one went to the Tribunal about a bill."""
    at = clock.now()
    bill = bills.bills_by_id(bill_ids=[bill_id], at=at).get(bill_id)
    if bill is None or bill.status != "issued" or bill.taxpayer_id not in {record.id for record in own_records()}:
        raise Http404
    today = clock.local_date(at)
    issued = bills.issued_on(bill_id=bill_id) or today
    form = SeizedForm(request.POST or None, today=today, issued_on=min(issued, today))
    if form.is_valid():
        try:
            return redirect("appeals:tribunal", acts.seize(bill_id=bill_id, said=form.says(), at=at))
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"form": form, "bill": bill}
    return render(request, "appeals/tribunal_new.html", context, status=422 if form.is_bound else 200)


@citizen_required()
@require_GET
def referral(request: HttpRequest, referral_id: int) -> HttpResponse:
    """One of them: how far the file is, what the office answered, and what came of it."""
    found = found_referral(referral_id)
    lines = named_of_bill(found.bill_id, found.lines) if found.decided else []
    return render(request, "appeals/tribunal.html", {"referral": found, "lines": lines})


@citizen_required()
@require_GET
def file(request: HttpRequest, referral_id: int) -> HttpResponse:
    found_referral(referral_id)
    return pdf_of(referral_id)


def pdf_of(referral_id: int) -> HttpResponse:
    """The file that went to the Tribunal, byte for byte."""
    content = tribunal.file_of(referral_id)
    if content is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="tribunal-{referral_id}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def found_referral(referral_id: int, *, staff: bool = False) -> tribunal.ReferralShown:
    try:
        return tribunal.referral(referral_id, at=clock.now(), staff=staff)
    except tribunal.NoSuchReferral:
        raise Http404 from None
