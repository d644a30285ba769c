"""A cashier's desk: find bills, see what they owe, take cash or a cheque, hand over change and receipt."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of
from core import audit, clock
from core.errors import Refusal
from payments import counter, selectors, services
from payments.counter_forms import BounceForm, FindBillsForm, OpenDrawerForm, TakeForm
from payments.states import DrawerStatus

MOST_BILLS: Final = 20
READERS: Final = (Role.CASHIER, Role.COLLECTOR, Role.APPROVER, Role.TREASURER, Role.AUDITOR)
TELLERS: Final = (Role.CASHIER, Role.COLLECTOR, Role.TREASURER)


@office_required(Role.CASHIER)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The cashier's drawer, and the bills that the payer in front of it brings."""
    officer = officer_of(request)
    drawer = counter.my_drawer(officer_id=officer.account_id)
    form = FindBillsForm(request.GET if "text" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = counter.find_bills(text=form.cleaned_data["text"], at=clock.now())
        audit.record(action="counter.searched", subject="bills", details={"found": len(found)})
    context = {
        "drawer": drawer,
        "is_open": drawer is not None and drawer.status == DrawerStatus.OPEN,
        "inside": counter.in_drawer(drawer) if drawer else None,
        "opening": OpenDrawerForm(),
        "form": form,
        "found": found,
    }
    return render(request, "payments/counter.html", context, status=422 if form.errors else 200)


@office_required(Role.CASHIER)
@require_POST
def open_drawer(request: HttpRequest) -> HttpResponse:
    """Begin the day at the desk."""
    form = OpenDrawerForm(request.POST)
    if not form.is_valid():
        context = {"drawer": None, "opening": form, "form": FindBillsForm(), "found": None}
        return render(request, "payments/counter.html", context, status=422)
    try:
        services.open_drawer(opening=form.cleaned_data["opening"], at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("payments:counter")


@office_required(Role.CASHIER)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """What each bill owes today and all together, before money is taken; the address names the bills."""
    at = clock.now()
    bill_ids = _chosen(request)
    bills = counter.on_the_desk(bill_ids=bill_ids, at=at)
    if not bill_ids or len(bills) != len(bill_ids):
        messages.error(request, gettext("Choose at least one bill, and at most 20."))
        return redirect("payments:counter")
    together = sum(one.bill.owed.total for one in bills)
    first = {"shown_amount": together, "form_key": secrets.token_hex(16), "means": "cash"}
    form = TakeForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            payment_id = _take(request, form, bill_ids)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("payments:taken", payment_id)
    context = {"form": form, "bills": bills, "together": together, "parts": _parts(bill_ids)}
    return render(request, "payments/counter_take.html", context, status=422 if form.errors else 200)


@office_required(*READERS)
@require_GET
def taken(request: HttpRequest, payment_id: int) -> HttpResponse:
    """What was taken, the change, and the receipts as soon as they are signed."""
    return _taken_page(request, payment_id)


@office_required(*TELLERS)
@require_POST
def bounce(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Tell that the bank did not honour the cheque."""
    form = BounceForm(request.POST)
    if not form.is_valid():
        return _taken_page(request, payment_id, bounce_form=form)
    try:
        services.ask_bounce(payment_id=payment_id, reason=form.cleaned_data["reason"], at=clock.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _taken_page(request, payment_id, bounce_form=form)
    messages.success(request, gettext("Asked for. Another officer has to approve it."))
    return redirect("payments:cheques")


def _take(request: HttpRequest, form: TakeForm, bill_ids: Sequence[int]) -> int:
    facts = form.cleaned_data
    return services.take_at_counter(
        bill_ids=bill_ids,
        shown_amount=facts["shown_amount"],
        part=facts.get("part") or 0,
        desk=form.desk(),
        form_key=facts["form_key"],
        officer_id=officer_of(request).account_id,
        at=clock.now(),
    )


def _parts(bill_ids: Sequence[int]) -> services.PartChoice:
    """What of one bill may be paid by itself."""
    at = clock.now()
    bills = selectors.payable(bill_ids=bill_ids, on=clock.local_date(at)) if len(bill_ids) == 1 else []
    return services.part_choice(bill=bills[0], at=at) if bills and bills[0].owed else services.PartChoice()


def _chosen(request: HttpRequest) -> list[int]:
    """The bills that the address names; none where there are too many or one makes no sense."""
    named = list(dict.fromkeys(request.GET.getlist("bill")))
    good = len(named) <= MOST_BILLS and all(one.isascii() and one.isdigit() and len(one) <= 18 for one in named)
    return [int(one) for one in named] if good else []


def _taken_page(request: HttpRequest, payment_id: int, **forms: Any) -> HttpResponse:
    found = counter.taken(payment_id)
    if found is None:
        raise Http404
    receipts = counter.receipts_of(found)
    bounced = counter.bounce_of(found)
    roles = officer_of(request).roles
    context = {
        "taken": found,
        "receipts": receipts,
        "ready": all(one and one.status == "ready" for _, one in receipts),
        "bounced": bounced,
        "may_tell": found.means == "cheque" and bounced is None and bool(roles & {*TELLERS}),
        "bounce_form": BounceForm(),
        **forms,
    }
    return render(request, "payments/counter_taken.html", context, status=422 if forms else 200)
