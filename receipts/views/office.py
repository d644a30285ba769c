"""The register of documents (발급대장) at the office: search, print again, withdraw by two officers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import (
    OfficerFacts,
    Role,
    office_required,
    officer_of,
    own_file,
    recent_code_required,
    refuse_own_file,
)
from core import audit, clock
from core.errors import Refusal
from receipts import selectors
from receipts.forms import RegisterForm, WithdrawForm
from receipts.selectors import RegisterEntry
from receipts.services import ask_withdrawal, decide_withdrawal
from receipts.states import Status
from receipts.views.public import file_answer

ASKERS = (Role.ASSESSOR, Role.COLLECTOR)
DECIDERS = (Role.APPROVER, Role.TREASURER)
READERS = (*ASKERS, *DECIDERS, Role.AUDITOR)
MOST = 50


@office_required(*READERS)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.GET if "text" in request.GET else None)
    facts = {"form": form, "waiting": selectors.withdrawals_waiting()}
    if not form.is_valid():
        return render(request, "receipts/office/register.html", facts, status=422 if form.errors else 200)
    found = selectors.search_register(form.cleaned_data["text"], most=MOST)
    audit.record(action="document.searched", subject="documents", details=form.cleaned_data)
    facts |= {"found": [(entry, Status(entry.status).label) for entry in found], "full": len(found) == MOST}
    return render(request, "receipts/office/register.html", facts)


@office_required(*READERS)
@require_GET
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    entry = _entry(document_id)
    audit.record(action="document.read", subject=f"document:{entry.number}", taxpayer_id=entry.taxpayer_id)
    return render(request, "receipts/office/document.html", _facts(officer_of(request), entry))


@office_required(*READERS, Role.CASHIER)
@require_GET
def download(request: HttpRequest, document_id: int) -> HttpResponse:
    """The signed file, for somebody at the counter."""
    entry = _entry(document_id)
    refuse_own_file(officer_of(request), entry.taxpayer_id)
    pdf = selectors.document_pdf(document_id)
    if pdf is None:
        raise Http404
    audit.record(action="document.handed_out", subject=f"document:{entry.number}", taxpayer_id=entry.taxpayer_id)
    return file_answer(pdf)


@office_required(*ASKERS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, document_id: int) -> HttpResponse:
    entry = _entry(document_id)
    officer = officer_of(request)
    refuse_own_file(officer, entry.taxpayer_id)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            ask_withdrawal(document_id=document_id, officer_id=officer.account_id, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Asked for. Another officer has to agree."))
            return redirect("receipts:document", document_id)
    status = 422 if form.is_bound else 200
    return render(request, "receipts/office/withdraw.html", {"form": form, "entry": entry}, status=status)


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def decide(request: HttpRequest, document_id: int, withdrawal_id: int) -> HttpResponse:
    """Agree or decline; the database refuses who asked for it themselves."""
    entry = _entry(document_id)
    officer = officer_of(request)
    refuse_own_file(officer, entry.taxpayer_id)
    if withdrawal_id not in {withdrawal.id for withdrawal in selectors.withdrawals_of(document_id)}:
        raise Http404
    granted = request.POST.get("decision") == "agree"
    decide_withdrawal(withdrawal_id=withdrawal_id, granted=granted, officer_id=officer.account_id, at=clock.now())
    done = gettext("The document is withdrawn.") if granted else gettext("The withdrawal is declined.")
    messages.success(request, done)
    return redirect("receipts:document", document_id)


def _facts(officer: OfficerFacts, entry: RegisterEntry) -> dict[str, object]:
    withdrawals = selectors.withdrawals_of(entry.id)
    waiting = next((one for one in withdrawals if one.decided_at is None), None)
    own = own_file(officer, entry.taxpayer_id)
    return {
        "entry": entry,
        "state": Status(entry.status).label,
        "withdrawals": withdrawals,
        "waiting": waiting,
        "may_ask": not own and not waiting and entry.status == Status.READY and bool(officer.roles & {*ASKERS}),
        "may_decide": bool(
            not own and waiting and waiting.asked_by != officer.account_id and officer.roles & {*DECIDERS}
        ),
        "may_download": not own and entry.status == Status.READY,
    }


def _entry(document_id: int) -> RegisterEntry:
    entry = selectors.register_entry(document_id)
    if entry is None:
        raise Http404
    return entry
