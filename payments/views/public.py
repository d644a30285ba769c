"""Pages of whoever pays, with an account or without. Those that call a gateway run outside any transaction."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import public_page
from core import clock
from core.errors import Refusal
from payments import selectors, services
from payments.forms import PayForm
from payments.gateways import registry, routing
from payments.states import Channel


class SeeOther(HttpResponseRedirect):
    """A redirect that a browser follows by GET whatever it sent."""

    status_code = 303


@public_page
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, bill_id: int) -> HttpResponse:
    """What one bill owes now, and how to pay it."""
    bills = selectors.payable(bill_ids=[bill_id], on=clock.local_date(clock.now()))
    if not bills or not bills[0].in_force:
        raise Http404
    context = {"bill": bills[0]}
    if not bills[0].owed:
        return render(request, "payments/nothing_owed.html", context)
    form = _form(request, bills[0].owed)
    if request.method == "GET" or not form.is_valid():
        return render(request, "payments/pay.html", {**context, "form": form}, status=422 if form.is_bound else 200)
    try:
        started = _start(form, bill_id)
    except Refusal as refusal:
        fresh = _form(request, bills[0].owed, unbound=True)
        return render(request, "payments/pay.html", {**context, "form": fresh, "refusal": refusal}, status=409)
    return SeeOther(started.go_to or reverse("payments:status", args=[started.secret]))


def _form(request: HttpRequest, owed: int, *, unbound: bool = False) -> PayForm:
    serving = routing.open_channels(at=clock.now())
    channels = list(serving)
    banks = {
        code: bank for one in reversed(serving.get(Channel.VIRTUAL_ACCOUNT, [])) for code, bank in one.banks.items()
    }
    data = request.POST if request.method == "POST" and not unbound else None
    first = {"channel": channels[0] if channels else "", "shown_amount": owed, "form_key": secrets.token_hex(16)}
    return PayForm(data, initial=first, channels=channels, banks=banks)


def _start(form: PayForm, bill_id: int) -> services.Started:
    facts = form.cleaned_data
    language = "en" if get_language() == "en" else "ko"
    wish = services.Wish([bill_id], facts["shown_amount"], facts["form_key"], language)
    if facts["channel"] == Channel.VIRTUAL_ACCOUNT:
        return services.start_virtual_account(wish=wish, bank=facts["bank"], at=clock.now())
    back = services.ReturnAddresses(success=_address("payments:returned"), fail=_address("payments:not_agreed"))
    return services.start_card(wish=wish, back=back, at=clock.now(), channel=Channel(facts["channel"]))


def _address(name: str) -> str:
    return str(settings.PUBLIC_URL).rstrip("/") + reverse(name, args=["SECRET"]).replace("SECRET", "{secret}")


@public_page
@require_GET
def status(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a payment stands. The link alone opens it: the payer may come back in another browser."""
    page = selectors.by_secret(secret=secret)
    if page is None:
        raise Http404
    bank = registry.gateway(page.gateway).banks.get(page.bank, page.bank) if page.bank else ""
    return render(request, "payments/status.html", {"page": page, "secret": secret, "bank": bank})


@public_page
@transaction.non_atomic_requests
@require_GET
def returned(request: HttpRequest, secret: str) -> HttpResponse:
    """The gateway sends the payer here after they agreed. Coming again changes nothing."""
    services.return_from_card(secret=secret, at=clock.now())
    return redirect("payments:status", secret)


@public_page
@require_GET
def not_agreed(request: HttpRequest, secret: str) -> HttpResponse:
    """The gateway sends the payer here when they gave up or were refused there."""
    services.return_without_paying(secret=secret)
    return redirect("payments:status", secret)


@public_page
@require_POST
def give_up(request: HttpRequest, secret: str) -> HttpResponse:
    """The payer does not want to go on with a card payment."""
    return redirect("payments:pay", services.give_up(secret=secret))
