"""Files to card companies, sellers of vouchers and charities, and money to accounts, from drawing up to the answer."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from core import audit, clock
from core.errors import Refusal
from mileage import services
from mileage.selectors import batches as reads
from mileage.states import BatchStatus, Way
from mileage.use_forms import AnswerForm
from mileage.views.desk import READERS, only_the_citys

WAYS: Final = (Way.TRANSIT_CARD, Way.VOUCHER, Way.CASH, Way.CHARITY)


@office_required(*READERS)
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """What waits for each partner, and the files that were drawn up, newest first."""
    only_the_citys(request)
    may_draw = Role.TREASURER in officer_of(request).roles
    context = {"waiting": reads.waiting(), "batches": reads.batches(), "may_draw": may_draw}
    return render(request, "mileage/office/batches.html", context)


@office_required(Role.TREASURER)
@recent_code_required
@require_POST
def draw(request: HttpRequest, way: str) -> HttpResponse:
    """Draw up the file of what waits for one partner."""
    only_the_citys(request)
    if way not in WAYS:
        raise Http404
    try:
        partner = request.POST.get("partner", "")[:20].replace("\x00", "")
        made = services.draw_batch(way=Way(way), partner=partner, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("mileage:batches")
    return redirect("mileage:batch", made)


@office_required(*READERS)
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One file: its lines, who decided about it, and what the partner answered."""
    only_the_citys(request)
    found = reads.batch(batch_id)
    if found is None:
        raise Http404
    officer = officer_of(request)
    treasurer = Role.TREASURER in officer.roles
    form = AnswerForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and treasurer and form.is_valid():
        try:
            many = services.answer_batch(batch_id=batch_id, content=form.cleaned_data["file"], at=clock.now())
        except Refusal as refusal:
            form.add_error("file", str(refusal.message))
        else:
            messages.success(request, gettext("%(number)s answers are taken up.") % {"number": many})
            return redirect("mileage:batch", batch_id)
    context: dict[str, Any] = {
        "batch": found,
        "uses": reads.uses_of(batch_id),
        "form": form,
        "may_decide": Role.APPROVER in officer.roles and found.drawn_by != officer.account_id,
        "may_send": treasurer,
    }
    return render(request, "mileage/office/batch.html", context, status=422 if form.errors else 200)


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def decide(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Approve or reject the bytes that the page showed the hash of."""
    only_the_citys(request)
    decision = request.POST.get("decision", "")
    granted = decision == "approve"
    digest = request.POST.get("digest", "").replace("\x00", "")
    if decision not in {"approve", "reject"}:  # no file is rejected because a form came in pieces
        messages.error(request, gettext("Choose whether to approve the file."))
        return redirect("mileage:batch", batch_id)
    try:
        services.decide_batch(batch_id=batch_id, digest=digest, granted=granted, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("Approved.") if granted else gettext("Not approved."))
    return redirect("mileage:batch", batch_id)


@office_required(Role.TREASURER)
@recent_code_required
@require_POST
def send(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Send it: once. The file is then there to be handed over; money to accounts is ordered."""
    only_the_citys(request)
    try:
        services.send_batch(batch_id=batch_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("Sent."))
    return redirect("mileage:batch", batch_id)


@office_required(Role.TREASURER)
@require_GET
def file(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The bytes that were approved; every time that they are taken is recorded."""
    only_the_citys(request)
    found = reads.batch(batch_id)
    if found is None or found.status not in {BatchStatus.SENT, BatchStatus.ANSWERED} or found.way == Way.CASH:
        raise Http404
    audit.record(action="mileage.file_taken", subject=f"batch:{batch_id}", details={"digest": found.digest})
    name = f"mileage-{found.way}-{batch_id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(reads.content_of(batch_id), content_type="text/csv; charset=utf-8", headers=headers)
