"""Money that fits nothing, messages to be looked at again, attempts to be ended: one officer asks, a second decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import OwnFile, Role, office_required, officer_of, own_file, recent_code_required
from billing import selectors as bills
from core import clock
from core.errors import Refusal
from payments import services, suspended
from payments.states import Status
from payments.suspense_forms import AssignForm, ForceForm, ReturnForm
from payments.views.office import ROLES, only_the_citys

ASKERS = (Role.COLLECTOR, Role.TREASURER)
DECIDERS = (Role.APPROVER,)


@office_required(*ROLES, *DECIDERS)
@require_GET
def suspense(request: HttpRequest) -> HttpResponse:
    """Money that fits nothing, oldest first, with its age; what waits for a second officer, and what was decided."""
    only_the_citys(request)
    context = {
        "page": Paginator(suspended.in_suspense(), 50).get_page(request.GET.get("page")),
        "waiting": suspended.cases(waiting=True),
        "others": suspended.cases(waiting=False),
        **_rights(request),
    }
    return render(request, "payments/suspense.html", context)


@office_required(*ROLES, *DECIDERS)
@require_GET
def money(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One movement of money in suspense, the bills that it may be for, and what can be done with it."""
    return _page(request, payment_id)


@office_required(*ASKERS)
@recent_code_required
@require_POST
def assign(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Ask for the money to pay a bill."""
    only_the_citys(request)
    form = AssignForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["epay_number"]
        found = bills.search_bills(text=number, at=clock.now())
        if found and not own_file(officer_of(request), found[0].taxpayer_id):
            facts = {"payment_id": payment_id, "bill_id": found[0].id, "reason": form.cleaned_data["reason"]}
            return _ask(request, services.ask_to_assign, facts, form, "assign")
        form.add_error("epay_number", str(OwnFile.message) if found else gettext("No bill has this number."))
    return _page(request, payment_id, assign=form)


@office_required(*ASKERS)
@recent_code_required
@require_POST
def give_back(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Ask for the money to go back to who sent it."""
    only_the_citys(request)
    form = ReturnForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        to = services.Account(told["bank"], told["number"], told["holder"])
        facts = {"payment_id": payment_id, "to": to, "reason": told["reason"]}
        return _ask(request, services.ask_to_return, facts, form, "give_back")
    return _page(request, payment_id, give_back=form)


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Approve or reject; the database refuses who asked for it themselves."""
    only_the_citys(request)
    granted = request.POST.get("decision") == "approve"
    return _decided(request, "payments:suspense", services.decide_suspense, granted=granted, case_id=case_id)


@office_required(*ROLES, *DECIDERS)
@require_GET
def forcings(request: HttpRequest) -> HttpResponse:
    """Attempts that officers want ended, and those that they ended."""
    only_the_citys(request)
    found = {"waiting": suspended.forcings(waiting=True), "others": suspended.forcings(waiting=False)}
    return render(request, "payments/forcings.html", {**found, **_rights(request)})


@office_required(*ASKERS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def force(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for an attempt to be ended although its gateway says nothing."""
    only_the_citys(request)
    attempt = suspended.silent_attempt(reference)
    if attempt is None:
        raise Http404
    form = ForceForm(request.POST or None)
    if form.is_valid():
        try:
            services.ask_to_force(
                attempt_id=attempt.id,
                becomes=Status(form.cleaned_data["becomes"]),
                reason=form.cleaned_data["reason"],
                officer_id=officer_of(request).account_id,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Asked for. Another officer has to approve it."))
            return redirect("payments:forcings")
    context = {"form": form, "attempt": attempt}
    return render(request, "payments/force.html", context, status=422 if form.is_bound else 200)


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def decide_forcing(request: HttpRequest, forcing_id: int) -> HttpResponse:
    """Approve or reject; the database refuses who asked for it themselves."""
    only_the_citys(request)
    granted = request.POST.get("decision") == "approve"
    return _decided(request, "payments:forcings", services.decide_forcing, granted=granted, forcing_id=forcing_id)


@office_required(Role.TREASURER, Role.ADMINISTRATOR)
@require_POST
def replay(request: HttpRequest, message_id: int) -> HttpResponse:
    """Have a message looked at again."""
    only_the_citys(request)
    try:
        services.replay_message(message_id=message_id, officer_id=officer_of(request).account_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("The message is looked at again within a minute."))
    return redirect("payments:inbox")


def _page(request: HttpRequest, payment_id: int, **forms: Any) -> HttpResponse:
    only_the_citys(request)
    found = suspended.suspended(payment_id)
    if found is None:
        raise Http404
    context = {
        "money": found,
        "candidates": suspended.candidates(money=found, at=clock.now()),
        "assign": AssignForm(),
        "give_back": ReturnForm(initial={"holder": found.payer}),
        **_rights(request),
        **forms,
    }
    return render(request, "payments/suspended_money.html", context, status=422 if forms else 200)


def _ask(request: HttpRequest, service: Any, facts: dict[str, Any], form: Any, name: str) -> HttpResponse:
    try:
        service(**facts, officer_id=officer_of(request).account_id, at=clock.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, facts["payment_id"], **{name: form})
    messages.success(request, gettext("Asked for. Another officer has to approve it."))
    return redirect("payments:suspense")


def _decided(request: HttpRequest, page: str, service: Any, *, granted: bool, **facts: int) -> HttpResponse:
    try:
        service(**facts, granted=granted, officer_id=officer_of(request).account_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("Approved and done.") if granted else gettext("Not approved."))
    return redirect(page)


def _rights(request: HttpRequest) -> dict[str, Any]:
    officer = officer_of(request)
    return {
        "me": officer.account_id,
        "may_ask": bool(officer.roles & {*ASKERS}),
        "may_decide": bool(officer.roles & {*DECIDERS}),
    }
