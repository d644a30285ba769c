"""The call centre: a caller who is checked first, and two ways to pay without saying a card number."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required
from core import clock
from core.errors import Refusal
from payments import calls as desk
from payments import services
from payments.call_forms import KEYS, CallerForm, WayForm
from payments.gateways import routing
from payments.selectors import Payable
from payments.states import Channel

AGENTS = (Role.CALL_AGENT,)


@office_required(*AGENTS)
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The agent's own calls, and the next one."""
    return render(request, "payments/calls.html", {"calls": desk.my_calls()})


@office_required(*AGENTS)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    return redirect("payments:call", services.begin_call())


@office_required(*AGENTS)
@require_GET
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call: who calls, what is to be paid, what was begun."""
    return render(request, "payments/call.html", {"call": _desk(call_id), "form": CallerForm()})


@transaction.non_atomic_requests  # what was asked is committed and counted before it is answered
@office_required(*AGENTS)
@require_POST
def check(request: HttpRequest, call_id: int) -> HttpResponse:
    """Does all that the caller says fit? Yes or no."""
    form = CallerForm(request.POST)
    if form.is_valid():
        try:
            services.check_caller(call_id=call_id, said=form.said())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("All of it fits. The caller is checked."))
            return redirect("payments:call", call_id)
    with transaction.atomic():
        return render(request, "payments/call.html", {"call": _desk(call_id), "form": form}, status=422)


@office_required(*AGENTS)
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, call_id: int) -> HttpResponse:
    """What is to be paid in full, what to read out, and in which way it is paid."""
    call = _desk(call_id)
    chosen = [bill for bill in call.bills if str(bill.bill_id) in request.GET.getlist("bill")]
    if not call.checked or not chosen:
        messages.error(request, gettext("Choose the bills that the caller wants to pay."))
        return redirect("payments:call", call_id)
    together = sum(bill.owed for bill in chosen)
    form = _way_form(request, together)
    if form.is_bound and form.is_valid():
        try:
            return _begin_to_pay(call_id, form, chosen)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"call": call, "bills": chosen, "together": together, "form": form}
    return render(request, "payments/call_pay.html", context, status=422 if form.is_bound else 200)


def _way_form(request: HttpRequest, together: int) -> WayForm:
    first = {"shown_amount": together, "form_key": secrets.token_hex(16), "language": "ko", "way": "link"}
    by_keys = bool(routing.serving(channel=Channel.ARS, at=clock.now()))
    return WayForm(request.POST or None, initial=first, by_keys=by_keys)


def _begin_to_pay(call_id: int, form: WayForm, chosen: Sequence[Payable]) -> HttpResponse:
    facts = form.cleaned_data
    wish = services.Wish(
        bill_ids=[bill.bill_id for bill in chosen],
        shown_amount=facts["shown_amount"],
        form_key=facts["form_key"],
        language=facts["language"],
    )
    if facts["way"] == KEYS:
        reference = services.begin_by_keys(call_id=call_id, wish=wish, telephone=facts["telephone"], at=clock.now())
        return redirect("payments:by_keys", call_id, reference)
    services.send_link(
        call_id=call_id,
        bill_ids=wish.bill_ids,
        telephone=facts["telephone"],
        language=wish.language,
        form_key=wish.form_key,
    )
    return redirect("payments:call", call_id)


@office_required(*AGENTS)
@require_GET
def by_keys(request: HttpRequest, call_id: int, reference: str) -> HttpResponse:
    """How a payment by telephone keys stands; the page changes by itself."""
    found = desk.payment_by_keys(call_id=call_id, reference=reference)
    if found is None:
        raise Http404
    return render(request, "payments/by_keys.html", {"payment": found})


@office_required(*AGENTS)
@require_POST
def stop(request: HttpRequest, call_id: int, reference: str) -> HttpResponse:
    """Give up a payment by keys that the payer has not agreed to."""
    try:
        services.stop_keys(reference=reference)
    except services.NothingToStop as refusal:
        messages.error(request, str(refusal.message))
    return redirect("payments:by_keys", call_id, reference)


@office_required(*AGENTS)
@require_POST
def withdraw(request: HttpRequest, call_id: int, reference: str) -> HttpResponse:
    """A link that went to a wrong number opens no longer."""
    try:
        services.withdraw_link(reference=reference)
    except services.NothingToWithdraw as refusal:
        messages.error(request, str(refusal.message))
    return redirect("payments:call", call_id)


@office_required(*AGENTS)
@require_POST
def end(request: HttpRequest, call_id: int) -> HttpResponse:
    """The call is over: its bills are no longer shown."""
    services.end_call(call_id=call_id)
    return redirect("payments:calls")


def _desk(call_id: int) -> desk.CallDesk:
    found = desk.desk_of(call_id=call_id, at=clock.now())
    if found is None:
        raise Http404
    return found
