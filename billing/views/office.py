"""Levy rolls and bills at the office."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from billing import selectors, services
from billing.explain import defect_text
from billing.forms import ReasonForm, SearchForm, UploadForm
from billing.views.explained import explained
from billing.views.life import changes_open_to, opened, payer_of
from billing.views.public import bill_context
from billing.views.report import defects_csv
from core import clock
from core.errors import Refusal

READERS: Final = (Role.ASSESSOR, Role.APPROVER, Role.COLLECTOR, Role.AUDITOR)
A_PAGE: Final = 50


@office_required(*READERS)
@require_GET
def rolls(request: HttpRequest) -> HttpResponse:
    return render(request, "billing/rolls.html", {"rolls": selectors.rolls()})


@office_required(Role.ASSESSOR)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _upload_page(request, UploadForm(initial=_this_half()))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    upload = form.cleaned_data["file"]
    officer = officer_of(request)
    try:
        roll_id = services.bring_roll(
            file=upload,
            size=upload.size,
            file_name=upload.name,
            tax=form.cleaned_data["tax"],
            year=form.cleaned_data["year"],
            term=form.cleaned_data["term"],
            uploaded_by_id=officer.account_id,
            office=officer.body,
            at=clock.now(),
        )
    except services.RollAlreadyImported as refusal:
        return _upload_page(request, form, status=409, known=refusal.roll_id, refusal=refusal.message)
    except Refusal as refusal:
        return _upload_page(request, form, status=422, refusal=refusal.message)
    return redirect("billing:roll", roll_id)


def _upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200, **more: object) -> HttpResponse:
    terms = selectors.terms_of_rolls(year=clock.local_date(clock.now()).year)
    return render(request, "billing/upload.html", {"form": form, "terms": terms} | more, status=status)


@office_required(*READERS)
@require_GET
def roll(request: HttpRequest, roll_id: int) -> HttpResponse:
    """The preview: totals by district, every defect, and what may be done next."""
    preview = _preview(roll_id)
    page = Paginator(selectors.problems(roll_id=roll_id), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "preview": preview,
        "roll": preview.roll,
        "page": page,
        "defects": [(row, column, shown, defect_text(code, shown)) for row, column, code, shown in page],
        "officer": officer_of(request),
        "may_approve": Role.APPROVER in officer_of(request).roles,
        "may_issue": bool(officer_of(request).roles & {Role.ASSESSOR, Role.APPROVER}),
    }
    return render(request, "billing/roll.html", context)


@office_required(*READERS)
@require_GET
def defects(request: HttpRequest, roll_id: int) -> HttpResponse:
    """Every defect of a roll as a CSV file."""
    _preview(roll_id)
    return defects_csv(selectors.problems(roll_id=roll_id).iterator(), file_name=f"roll-{roll_id}-defects.csv")


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def approve(request: HttpRequest, roll_id: int) -> HttpResponse:
    _preview(roll_id)
    services.approve_roll(roll_id=roll_id, approved_by_id=officer_of(request).account_id, at=clock.now())
    return redirect("billing:roll", roll_id)


@office_required(Role.ASSESSOR, Role.APPROVER)
@require_POST
def issue(request: HttpRequest, roll_id: int) -> HttpResponse:
    _preview(roll_id)
    services.request_issue(roll_id=roll_id, requested_by_id=officer_of(request).account_id)
    return redirect("billing:roll", roll_id)


@office_required(Role.ASSESSOR, Role.APPROVER)
@recent_code_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, roll_id: int) -> HttpResponse:
    preview = _preview(roll_id)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "billing/withdraw.html", {"form": form, "roll": preview.roll}, status=status)
    services.withdraw_roll(
        roll_id=roll_id, withdrawn_by_id=officer_of(request).account_id, reason=form.cleaned_data["reason"]
    )
    return redirect("billing:rolls")


@office_required(*READERS)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET or None)
    found = selectors.search_bills(text=form.cleaned_data["text"], at=clock.now()) if form.is_valid() else None
    return render(request, "billing/search.html", {"form": form, "bills": found}, status=422 if form.errors else 200)


@office_required(*READERS)
@require_GET
def bill(request: HttpRequest, bill_id: int) -> HttpResponse:
    """A bill with its history, what stands beside it, and what this officer may do to it."""
    detail = opened(request, bill_id)
    life = selectors.life_of(bill_id=bill_id, on=clock.local_date(clock.now()), staff=True)
    context = {
        "life": life,
        "payer": payer_of(detail),
        "claim": selectors.claim_of(bill_id=bill_id),
        "open_changes": changes_open_to(officer_of(request), detail, life),
    }
    return render(request, "billing/office_bill.html", bill_context(request, detail) | context)


@office_required(*READERS)
@require_GET
def explain(request: HttpRequest, bill_id: int) -> HttpResponse:
    return explained(request, opened(request, bill_id))


def _preview(roll_id: int) -> selectors.RollPreview:
    try:
        return selectors.preview(roll_id=roll_id)
    except selectors.NoSuchRoll:
        raise Http404 from None


def _this_half() -> dict[str, int]:
    today = clock.local_date(clock.now())
    return {"year": today.year, "term": 1 if today.month <= 6 else 2}
