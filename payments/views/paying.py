"""Where the payer sees what and how much before paying: one bill, several, or the rest of several."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from accounts.access import Assurance
from billing.selectors import BillSummary, my_bills
from core import clock
from core.errors import Refusal
from mileage import selectors as mileage
from payments import selectors, services
from payments.gateways import routing
from payments.pay_form import ANOTHER, SELF, PayForm
from payments.selectors import PageBasket, Payable
from payments.states import BY_AN_AGENT, Channel

log = structlog.get_logger(__name__)
MOST_BILLS: Final = 50
MOST_OFFERED: Final = 20
FORM_KEY: Final = 32


class SeeOther(HttpResponseRedirect):
    """A redirect that a browser follows by GET whatever it sent."""

    status_code = 303


@dataclass(frozen=True)
class Till:
    """What is to be paid: bills, or what a basket's other ways leave of them."""

    bill_ids: tuple[int, ...]
    basket: PageBasket | None = None
    payer: str = ""


def at_the_till(request: HttpRequest, till: Till) -> HttpResponse:
    """Show what is owed and how to pay it; a good form begins the payment."""
    at = clock.now()
    bills = selectors.payable(bill_ids=till.bill_ids, on=clock.local_date(at))
    if len(bills) != len(set(till.bill_ids)) or not all(bill.in_force for bill in bills):
        raise Http404
    unpaid = [bill for bill in bills if bill.owed]
    together = _together(unpaid, till)
    if not together:
        return render(request, "payments/nothing_owed.html", {"bills": bills})
    form = _form(request, till, unpaid, together, at)
    context = {"bills": unpaid, "form": form, "together": together, "till": till, "paid": len(bills) - len(unpaid)}
    if request.method == "GET" or not form.is_valid():
        context["others"] = [] if till.basket else _others(till, at)
        return render(request, "payments/pay.html", context, status=422 if form.is_bound else 200)
    try:
        started = _start(form, till, unpaid, at)
    except Refusal as refusal:
        context |= {"form": _form(request, till, unpaid, together, at, fresh=True), "refusal": refusal}
        return render(request, "payments/pay.html", context, status=409)
    return SeeOther(started.go_to or reverse("payments:status", args=[started.secret]))


def pay_address(bill_ids: Sequence[int]) -> str:
    """The page on which these bills are paid."""
    if len(bill_ids) == 1:
        return reverse("payments:pay", args=bill_ids)
    return reverse("payments:together") + "?" + urlencode({"bill": bill_ids}, doseq=True)


def _together(unpaid: Sequence[Payable], till: Till) -> int:
    if till.basket is None:
        return sum(bill.owed for bill in unpaid)
    owed = [services.Share(bill.bill_id, bill.owed) for bill in unpaid]
    try:
        with transaction.atomic():
            return sum(share.amount for share in services.rest_of(basket_id=till.basket.id, owed=owed))
    except services.BillAlreadyPaid:
        return 0


def _form(
    request: HttpRequest, till: Till, unpaid: Sequence[Payable], together: int, at: datetime, *, fresh: bool = False
) -> PayForm:
    serving = routing.open_channels(at=at)
    serving.pop(Channel.AUTOMATIC_DEBIT, None)  # nobody debits themselves: the city does, on the due date
    accounts = serving.get(Channel.VIRTUAL_ACCOUNT, [])
    used = {one.channel for one in till.basket.attempts if one.counts} if till.basket else set()
    offered = [channel for channel in serving if channel not in BY_AN_AGENT]
    channels = [channel for channel in offered if channel not in used] or offered
    first: dict[str, Any] = {"shown_amount": together, "form_key": secrets.token_hex(16), "way": "whole"}
    first["channel"] = channels[0] if channels else ""
    payers = _payers(till, unpaid)
    first["who"] = payers[0] if len(payers) == 1 else ""
    return PayForm(
        request.POST if request.method == "POST" and not fresh else None,
        initial=first,
        channels=channels,
        banks={code: bank for one in reversed(accounts) for code, bank in one.banks.items()},
        parts=_parts(till, unpaid, at),
        payers=payers,
        points=_points(request, at),
    )


def _points(request: HttpRequest, at: datetime) -> int:
    """Points that whoever is signed in can use; none where we do not know well who that is.

    A form that is sent again may say again what it said: its points are kept for it.
    """
    if getattr(request.user, "assurance", Assurance.NONE) < Assurance.IDENTITY:
        return 0
    with transaction.atomic():
        mine = mileage.my_points(at=at)
    if mine is None:
        return 0
    sent = request.POST.get("form_key", "")[:FORM_KEY]
    return mine.available + (services.points_of_form(form_key=sent) if sent else 0)


def _parts(till: Till, unpaid: Sequence[Payable], at: datetime) -> services.PartChoice:
    if till.basket is not None or len(unpaid) != 1:
        return services.PartChoice()
    with transaction.atomic():
        return services.part_choice(bill=unpaid[0], at=at)


def _payers(till: Till, unpaid: Sequence[Payable]) -> tuple[str, ...]:
    """Whom the payer may say that they are. Nobody asks a person who pays what is their own, or said it before."""
    taxpayers = {bill.taxpayer_id for bill in unpaid}
    own = selectors.own_taxpayers()
    if till.basket is not None or taxpayers <= own:
        return (SELF,)
    return (ANOTHER,) if own or len(taxpayers) > 1 else (SELF, ANOTHER)


def _others(till: Till, at: datetime) -> list[BillSummary]:
    """Other unpaid bills that this session sees: they can be paid together."""
    with transaction.atomic():
        seen = my_bills(at=at)
    return [bill for bill in seen if bill.owed.total and bill.id not in till.bill_ids][:MOST_OFFERED]


def _start(form: PayForm, till: Till, unpaid: Sequence[Payable], at: datetime) -> services.Started:
    facts = form.cleaned_data
    wish = services.Wish(
        bill_ids=[bill.bill_id for bill in unpaid],
        shown_amount=facts["shown_amount"],
        form_key=facts["form_key"],
        language="en" if get_language() == "en" else "ko",
        way=facts["way"],
        amount=facts.get("amount") or 0,
        basket_id=till.basket.id if till.basket else None,
        payer=till.payer or facts.get("payer", ""),
    )
    if not facts.get("points"):
        return _in_one_way(facts, wish, at)
    begun = services.pay_with_points(wish=wish, points=facts["points"], at=at)
    if begun.rest is not None:
        try:
            return _in_one_way(facts, begun.rest, at)
        except Refusal:  # the points count; their page leads to the rest
            log.warning("payment.rest_refused")
    return services.Started(begun.secret)


def _in_one_way(facts: dict[str, Any], wish: services.Wish, at: datetime) -> services.Started:
    if facts["channel"] == Channel.CONVENIENCE_STORE:
        return services.start_store_code(wish=wish, at=at)
    if facts["channel"] == Channel.VIRTUAL_ACCOUNT:
        return services.start_virtual_account(wish=wish, bank=facts["bank"], at=at)
    back = services.ReturnAddresses(success=_address("payments:returned"), fail=_address("payments:not_agreed"))
    return services.start_card(wish=wish, back=back, at=at, channel=Channel(facts["channel"]))


def _address(name: str) -> str:
    return str(settings.PUBLIC_URL).rstrip("/") + reverse(name, args=["SECRET"]).replace("SECRET", "{secret}")
