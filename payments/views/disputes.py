"""Objections of cardholders at the office: their day, the evidence, the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import audit, clock
from core.errors import Refusal
from payments import disputes as objections
from payments.forms import AnswerForm, EvidenceForm
from payments.services import add_evidence, answer_dispute
from payments.views.office import only_the_citys

READERS = (Role.COLLECTOR, Role.TREASURER, Role.AUDITOR)
TYPES = {"pdf": "application/pdf", "png": "image/png"}


@office_required(*READERS)
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """Those to be answered first, by their day."""
    only_the_citys(request)
    return render(request, "payments/disputes.html", {"disputes": objections.disputes(), "now": clock.now()})


@office_required(*READERS)
@require_GET
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    return _page(request, _found(request, dispute_id))


@office_required(Role.COLLECTOR)
@recent_code_required
@require_POST
def evidence(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Keep a file for the answer."""
    found = _found(request, dispute_id)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, evidence=form, status=422)
    name, kind, content = form.cleaned_data["file"]
    officer_id = officer_of(request).account_id
    try:
        add_evidence(
            dispute_id=dispute_id, name=name, kind=kind, content=content, officer_id=officer_id, at=clock.now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, found, evidence=form, status=409)
    messages.success(request, gettext("The file is kept and goes with the answer."))
    return redirect("payments:dispute", dispute_id)


@office_required(*READERS)
@require_GET
def evidence_file(request: HttpRequest, dispute_id: int, file_id: int) -> HttpResponse:
    _found(request, dispute_id)
    found = objections.evidence_content(dispute_id=dispute_id, file_id=file_id)
    if found is None:
        raise Http404
    audit.record(action="dispute.evidence_read", subject=f"dispute:{dispute_id}")
    kind, content = found
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{file_id}.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)


@office_required(Role.COLLECTOR)
@recent_code_required
@require_POST
def answer(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Send the answer with what is kept; it can be given once."""
    found = _found(request, dispute_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, answer=form, status=422)
    officer_id = officer_of(request).account_id
    try:
        answer_dispute(
            dispute_id=dispute_id, statement=form.cleaned_data["statement"], officer_id=officer_id, at=clock.now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, found, answer=form, status=409)
    messages.success(request, gettext("The answer is being sent."))
    return redirect("payments:dispute", dispute_id)


def _found(request: HttpRequest, dispute_id: int) -> objections.DisputeFacts:
    only_the_citys(request)
    found = objections.dispute(dispute_id)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: objections.DisputeFacts, *, status: int = 200, **forms: object) -> HttpResponse:
    may_answer = found.open_at(clock.now()) and Role.COLLECTOR in officer_of(request).roles
    context = {
        "dispute": found,
        "files": objections.evidence_of(found.id),
        "may_answer": may_answer,
        "evidence_form": forms.get("evidence") or EvidenceForm(),
        "answer_form": forms.get("answer") or AnswerForm(),
    }
    return render(request, "payments/dispute.html", context, status=status)
