"""What a citizen sees of refunds, and asks for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Assurance, citizen_required, public_page
from accounts.selectors.taxpayers import own_records
from billing import selectors as bills
from core import clock
from core.errors import Refusal
from refunds import claim_selectors, selectors, services
from refunds.explain import sentences
from refunds.forms import AccountForm, AskAllForm, AskForm, WhetherForm
from refunds.selectors import RefundDetail
from refunds.states import Way


@citizen_required()
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """All that can be claimed, asked for with one form; what became of the rest, and accounts that it is paid into."""
    found = selectors.mine()
    form, waiting = AskAllForm(request.POST or None), [one.id for one in found if one.open and not one.asked]
    if form.is_valid():
        way = Way(form.cleaned_data["way"])
        asked = services.ask_for_all(refund_ids=waiting, way=way, at=clock.now())
        text = ngettext(
            "Your wish is noted for %(number)s refund. Two officers decide about it.",
            "Your wish is noted for %(number)s refunds. Two officers decide about each.",
            asked,
        )
        messages.success(request, text % {"number": asked})
        return redirect("refunds:mine")
    accounts = [(record.id, record.name, selectors.payee_of(record.id)) for record in own_records()]
    context = {
        "form": form,
        "several": len(waiting) > 1,
        "open": [one for one in found if one.open],
        "others": [one for one in found if not one.open],
        "total": sum(one.total for one in found if one.open),
        "accounts": accounts,
        "claims": claim_selectors.own_claims(),
        "paid": [bill for bill in bills.my_bills(at=clock.now()) if bill.owed.paid and bill.owed.in_force][:20],
    }
    return render(request, "refunds/mine.html", context, status=422 if form.is_bound else 200)


@citizen_required()
@require_http_methods(["GET", "POST"])
def refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """One refund: why, how much, what became of it; while nobody has decided, how it shall go back."""
    found = _found(refund_id)
    form = _ask_form(request, found) if found.summary.open else None
    if form is not None and form.is_valid():
        try:
            bill = form.cleaned_data.get("bill")
            way = Way(form.cleaned_data["way"])
            services.ask_for(refund_id=refund_id, way=way, bill_id=int(bill) if bill else None, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Your wish is noted. Two officers decide about the refund."))
            return redirect("refunds:refund", refund_id)
    payees = selectors.payee_of(found.summary.taxpayer_id) if found.summary.taxpayer_id else []
    context = {"refund": found, "form": form, "steps": sentences(found.steps), "payees": payees}
    return render(request, "refunds/refund.html", context, status=422 if form is not None and form.is_bound else 200)


@citizen_required()
@require_GET
def explained(request: HttpRequest, refund_id: int) -> HttpResponse:
    """How it comes about, as data. Schema: docs/refunds.md."""
    return explanation(_found(refund_id))


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    """Name the account that refunds are paid into."""
    record = next((one for one in own_records() if one.id == taxpayer_id), None)
    if record is None:
        raise Http404
    banks = services.banks()
    form = AccountForm(request.POST or None, banks=banks)
    if form.is_valid():
        try:
            language = get_language() or "ko"
            services.name_account(taxpayer_id=taxpayer_id, language=language, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("The bank is being asked whose account it is."))
            return redirect("refunds:mine")
    context = {"form": form, "record": record, "banks": banks, "payees": selectors.payee_of(taxpayer_id)}
    return render(request, "refunds/account.html", context, status=422 if form.is_bound else 200)


@public_page
@require_http_methods(["GET", "POST"])
def whether(request: HttpRequest) -> HttpResponse:
    """Is there something for me? The page says the same whoever asks; the answer goes to registered contacts."""
    form = WhetherForm(request.POST or None)
    if form.is_valid():
        services.ask_whether(language=get_language() or "ko", **form.cleaned_data)
        return render(request, "refunds/asked.html")
    return render(request, "refunds/whether.html", {"form": form}, status=422 if form.is_bound else 200)


def explanation(found: RefundDetail) -> HttpResponse:
    summary = found.summary
    steps = [
        {
            "code": step.code,
            "article": step.article,
            "amount": step.amount,
            "values": dict(step.values),
            "text": said.text,
        }
        for step, said in zip(found.steps, sentences(found.steps), strict=True)
    ]
    body = {
        "schema": "etax.refund.explain/1",
        "refund": {
            "reference": summary.reference,
            "cause": summary.cause,
            "status": summary.status,
            "bill": summary.bill_id,
            "arose_on": found.arose_on,
            "expires_on": summary.expires_on,
        },
        "figures_on": summary.figures_on,
        "amount": summary.amount,
        "interest": summary.interest,
        "left": found.left,
        "set_offs": [one.__dict__ for one in found.set_offs],
        "steps": steps,
    }
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


def _found(refund_id: int) -> RefundDetail:
    try:
        return selectors.refund_detail(refund_id)
    except selectors.NoSuchRefund:
        raise Http404 from None


def _ask_form(request: HttpRequest, found: RefundDetail) -> AskForm:
    unpaid: list[tuple[int, str]] = []
    for bill in bills.my_bills(at=clock.now()):
        if bill.owed.total and bill.body == found.body and bill.taxpayer_id == found.summary.taxpayer_id:
            name = bill.tax_ko if (get_language() or "ko").startswith("ko") else bill.tax_en
            unpaid.append((bill.id, f"{name} {bill.period} {bill.object_ref}: {bill.owed.total:,}"))
    ways = [Way.ACCOUNT, Way.DONATION]
    if found.by_card:
        ways.insert(0, Way.CARD)
    if unpaid:
        ways.insert(-1, Way.SET_OFF)
    initial: dict[str, Any] = {"way": found.summary.way or ways[0], "bill": str(found.to_bill or "")}
    return AskForm(request.POST or None, ways=ways, bills=unpaid, initial=initial)
