"""One's own bills, one bill with its calculation, and finding a bill without an account."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import citizen_required, public_page
from accounts.selectors import own_payer_numbers
from accounts.selectors.taxpayers import own_records
from billing import selectors, services
from billing.explain import sentences
from billing.forms import FindForm, OnDayForm
from billing.views.explained import explained
from core import clock
from core.request import current_facts
from receipts.selectors import open_link

A_PAGE: Final = 50


@citizen_required()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.my_bills(at=clock.now()), A_PAGE).get_page(request.GET.get("page"))
    context = {"bills": page.object_list, "page": page, "payer_numbers": own_payer_numbers()}
    return render(request, "billing/mine.html", context)


@public_page
@require_GET
def detail(request: HttpRequest, bill_id: int) -> HttpResponse:
    """A bill of one's own, or one that this session found; row-level security decides."""
    bill = _detail(bill_id)
    slip = selectors.giro_slip(bill_id=bill_id, epay_number=bill.epay_number, today=bill.today)
    mine = bill.summary.taxpayer_id in {record.id for record in own_records()}
    return render(request, "billing/bill.html", bill_context(request, bill) | {"slip": slip, "mine": mine})


@public_page
@require_POST
def paper(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Have the bill made as a signed file."""
    _detail(bill_id)
    return redirect("billing:paper_made", bill_id, services.ask_for_paper(bill_id=bill_id))


@public_page
@require_GET
def paper_made(request: HttpRequest, bill_id: int, secret: str) -> HttpResponse:
    """The link to the file as soon as it is there."""
    context = {"bill": _detail(bill_id).summary, "made": open_link(secret), "secret": secret}
    return render(request, "billing/paper.html", context)


@public_page
@require_GET
def explain(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The same as data: docs/explain.md describes it."""
    return explained(request, _detail(bill_id))


@transaction.non_atomic_requests  # what was asked is committed and counted before it is answered
@public_page
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "billing/find.html", {"form": FindForm()})
    form = FindForm(request.POST)
    if not form.is_valid():
        return render(request, "billing/find.html", {"form": form}, status=422)
    if request.session.session_key is None:
        request.session.create()
    found = selectors.find_bill(
        epay_number=form.cleaned_data["epay_number"],
        name=form.cleaned_data["name"] or None,
        born=form.cleaned_data["birth_date"],
        visitor=current_facts().address,
    )
    if found.wait:
        return HttpResponse(status=429, headers={"Retry-After": "900"})
    if found.both:
        form.add_error(None, gettext("There were many wrong tries. Enter both the payer's name and birth date."))
        return render(request, "billing/find.html", {"form": form}, status=422)
    if found.bill_id is None:
        return render(request, "billing/find.html", {"form": form, "nothing": True}, status=422)
    if found.instead:
        messages.info(
            request, gettext("The bill with that number was replaced. This is the bill in its place: pay this one.")
        )
    return redirect("billing:bill", found.bill_id)


def bill_context(request: HttpRequest, bill: selectors.BillDetail) -> dict[str, object]:
    """A bill with its steps as sentences, and what it would owe on the day that the reader chose."""
    form = OnDayForm(request.GET if "on" in request.GET else None)
    chosen = form.cleaned_data["on"] if form.is_valid() else None
    return {
        "bill": bill.summary,
        "detail": bill,
        "steps": sentences(bill.steps),
        "day_form": form,
        "today": day_context(bill.today),
        "chosen": _chosen(bill.summary.id, chosen),
        "life": selectors.life_of(bill_id=bill.summary.id, on=bill.today.on),
        "taken_back": selectors.money_taken_back(bill_id=bill.summary.id),
    }


def day_context(day: selectors.OnDay) -> dict[str, object]:
    """What a bill owes on a day, its steps as sentences."""
    return {
        "day": day,
        "credit": sentences(day.credit_steps),
        "late": [(line, sentences(steps)) for line, steps in day.late_steps],
    }


def _chosen(bill_id: int, on: date | None) -> dict[str, object] | None:
    return day_context(selectors.bill_on_day(bill_id=bill_id, on=on)) if on else None


def _detail(bill_id: int) -> selectors.BillDetail:
    try:
        return selectors.bill_detail(bill_id=bill_id, at=clock.now())
    except selectors.NoSuchBill:
        raise Http404 from None
