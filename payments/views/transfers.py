"""Money that the city sends: files that a treasurer approves and another officer releases, and what became of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import audit, clock
from core.errors import Refusal
from payments import sent, services
from payments.reconcile.remit import due_on
from payments.states import BatchStatus
from payments.transfer_forms import RepeatForm, WithdrawForm
from payments.views.office import only_the_citys

READERS = (Role.TREASURER, Role.APPROVER, Role.AUDITOR)
DECIDERS = (Role.TREASURER, Role.APPROVER)
OPEN = (BatchStatus.WRITTEN, BatchStatus.APPROVED)


@office_required(*READERS)
@require_GET
def transfers(request: HttpRequest) -> HttpResponse:
    """Files with what became of them, transfers that failed, and what is still to be passed on."""
    only_the_citys(request)
    context = {
        "batches": sent.batches(),
        "failed": sent.failed()[: sent.SHOWN],
        "waiting": sent.waiting()[: sent.SHOWN],
        "due": due_on(clock.local_date(clock.now())),
        "may_repeat": Role.TREASURER in officer_of(request).roles,
    }
    return render(request, "payments/transfers.html", context)


@office_required(*READERS)
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One file: its hash, its transfers, and whose turn it is."""
    return _page(request, batch_id, WithdrawForm(), status=200)


@office_required(*READERS)
@require_GET
def batch_file(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The file to the byte, to compare it with what the bank has."""
    only_the_citys(request)
    found, content = sent.batch(batch_id), sent.content(batch_id)
    if found is None or content is None:
        raise Http404
    audit.record(action="transfers.fetched", subject=f"transfers:{found.message_id}")
    return HttpResponse(
        content,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{found.message_id}.xml"'},
    )


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def agree(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Approve or release the file whose hash was shown; the database refuses who is not to do it."""
    only_the_citys(request)
    try:
        becomes = services.agree_to_batch(batch_id=batch_id, digest=request.POST.get("digest", ""), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, str(becomes.label))
    return redirect("payments:transfer_batch", batch_id)


@office_required(*DECIDERS)
@recent_code_required
@require_POST
def withdraw(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Don't send a file; its transfers go into the next."""
    only_the_citys(request)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw_batch(batch_id=batch_id, reason=form.cleaned_data["reason"], at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Not sent. Its transfers wait for another file."))
            return redirect("payments:transfers")
    return _page(request, batch_id, form, status=422)


@office_required(Role.TREASURER)
@recent_code_required
@require_http_methods(["GET", "POST"])
def repeat(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Order a remittance again that failed, to a corrected account."""
    only_the_citys(request)
    failed = sent.repeatable(transfer_id)
    if failed is None:
        raise Http404
    known = {"bank": failed.bank, "account": failed.account, "holder": failed.holder}
    form = RepeatForm(request.POST or None, initial=known)
    if form.is_valid():
        typed = form.cleaned_data
        to = services.Creditor(typed["bank"], typed["account"], typed["holder"])
        try:
            services.repeat_transfer(transfer_id=failed.pk, to=to, reason=typed["reason"], at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Ordered again. It goes into the next file, which two officers release."))
            return redirect("payments:transfers")
    context = {"form": form, "failed": failed}
    return render(request, "payments/repeat_transfer.html", context, status=422 if form.is_bound else 200)


def _page(request: HttpRequest, batch_id: int, form: WithdrawForm, *, status: int) -> HttpResponse:
    only_the_citys(request)
    found = sent.batch(batch_id)
    if found is None:
        raise Http404
    audit.record(action="transfers.looked_at", subject=f"transfers:{found.message_id}")
    officer = officer_of(request)
    second = found.status == BatchStatus.APPROVED
    turn = Role.APPROVER if second else Role.TREASURER
    context = {
        "batch": found,
        "page": Paginator(sent.transfers_of(batch_id), 100).get_page(request.GET.get("page")),
        "form": form,
        "second": second,
        "my_turn": found.status in OPEN
        and turn in officer.roles
        and not (second and found.approved_by == officer.account_id),
        "may_withdraw": found.status in OPEN and bool(officer.roles & {*DECIDERS}),
    }
    return render(request, "payments/transfer_batch.html", context, status=status)
