"""Pages of whoever pays, with an account or without. Those that call a gateway run outside any transaction."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import public_page
from core import clock
from payments import selectors, services
from payments.barcode import barcode
from payments.gateways import registry
from payments.states import Shown
from payments.views.paying import MOST_BILLS, Till, at_the_till, pay_address


@public_page
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, bill_id: int) -> HttpResponse:
    """What one bill owes now, and how to pay it."""
    return at_the_till(request, Till(bill_ids=(bill_id,)))


@public_page
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def pay_together(request: HttpRequest) -> HttpResponse:
    """Several bills in one payment; the address names them."""
    chosen = list(dict.fromkeys(request.GET.getlist("bill")))
    if not 0 < len(chosen) <= MOST_BILLS or not all(_is_key(text) for text in chosen):
        return render(request, "payments/nothing_chosen.html", status=422)
    return at_the_till(request, Till(bill_ids=tuple(int(text) for text in chosen)))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


@public_page
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def pay_rest(request: HttpRequest, secret: str) -> HttpResponse:
    """What is left of a payment in two ways. Whoever comes by the link alone finds the bills by their numbers."""
    page = selectors.by_secret(secret=secret)
    if page is None or page.basket is None:
        raise Http404
    if not selectors.payable(bill_ids=page.basket.bills, on=clock.local_date(clock.now())):
        return redirect("billing:find")
    return at_the_till(request, Till(bill_ids=page.basket.bills, basket=page.basket, payer=page.payer))


@public_page
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """A link that an agent had sent. Looking opens nothing; pressing the button opens it in this browser."""
    if request.method == "POST":
        if request.session.session_key is None:
            request.session.create()
        bills = services.open_link(secret=secret)
        if bills:
            return redirect(pay_address(bills))
    standing = services.look_at_link(secret=secret)
    status = 404 if standing is None else 200 if standing.opens else 410
    return render(request, "payments/link.html", {"link": standing}, status=status)


@public_page
@require_GET
def status(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a payment stands. The link alone opens it: the payer may come back in another browser."""
    page = selectors.by_secret(secret=secret)
    if page is None:
        raise Http404
    bank = registry.gateway(page.gateway).banks.get(page.bank, page.bank) if page.bank else ""
    context = {
        "page": page,
        "secret": secret,
        "bank": bank,
        "again": pay_address([item.bill_id for item in page.items]),
        "receipts": [(item, one) for one in page.receipts for item in page.items if item.bill_id == one.bill_id],
        "tenders": [(one, services.link_secret(one.reference)) for one in page.basket.attempts] if page.basket else [],
    }
    return render(request, "payments/status.html", context)


@public_page
@require_GET
def code(request: HttpRequest, secret: str) -> HttpResponse:
    """The number for a store's till as a barcode (Code 128), while it can be paid."""
    page = selectors.by_secret(secret=secret)
    if page is None or not page.at_a_till or not page.number or page.shown != Shown.WAITING or page.not_to_be_paid:
        raise Http404
    return HttpResponse(barcode(page.number), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@public_page
@require_GET
def receipt(request: HttpRequest, secret: str, number: str) -> HttpResponse:
    """The receipt of one bill among several of a payment."""
    opened = selectors.receipt_file(secret=secret, number=number)
    if opened is None:
        raise Http404
    if opened.pdf is None:
        return render(request, "receipts/not_there.html", {"opened": opened})
    headers = {
        "Content-Disposition": f'attachment; filename="receipt-{opened.number}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(opened.pdf, content_type="application/pdf", headers=headers)


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
    """The payer does not want to go on with a payment on the gateway's page."""
    return redirect(pay_address(services.give_up(secret=secret)))
