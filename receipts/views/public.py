"""Pages of the public face: one's own receipts, a receipt by link, and whether a receipt is genuine."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import citizen_required, public_page
from core import clock
from core.request import current_facts
from receipts import selectors
from receipts.forms import CheckForm
from receipts.selectors import Pdf, TooManyLookups
from receipts.services import check_file


@citizen_required()
@require_GET
def my_documents(request: HttpRequest) -> HttpResponse:
    return render(request, "receipts/my_documents.html", {"documents": selectors.my_documents()})


@citizen_required()
@require_GET
def download(request: HttpRequest, document_id: int) -> HttpResponse:
    pdf = selectors.document_pdf(document_id)
    if pdf is None:
        raise Http404
    return file_answer(pdf)


@public_page
@require_GET
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """For somebody who paid without an account and holds the secret of one document."""
    opened = selectors.open_link(secret)
    if opened is None:
        raise Http404
    if opened.pdf is None:
        return render(request, "receipts/not_there.html", {"opened": opened})
    return file_answer(Pdf(opened.number, opened.pdf))


@public_page
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "receipts/verify.html", {"form": CheckForm()})
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "receipts/verify.html", {"form": form}, status=422)
    if form.cleaned_data["file"]:
        checked = check_file(pdf=form.cleaned_data["file"], at=clock.now())
        return render(request, "receipts/checked_file.html", {"checked": checked})
    return _answer_number(request, form.cleaned_data["number"])


@public_page
@require_GET
def verify_number(request: HttpRequest, number: str) -> HttpResponse:
    """Where the QR code of a paper leads."""
    return _answer_number(request, selectors.normal_number(number))


def _answer_number(request: HttpRequest, number: str) -> HttpResponse:
    address = current_facts().address or request.META.get("REMOTE_ADDR", "")
    try:
        entry = selectors.find_document(number=number, address=address)
    except TooManyLookups:
        return HttpResponse(status=429, headers={"Retry-After": "600"})
    return render(request, "receipts/checked_number.html", {"number": number, "entry": entry})


def file_answer(pdf: Pdf) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="receipt-{pdf.number}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)
