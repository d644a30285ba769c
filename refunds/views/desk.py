"""What officers do about a refund beside assessing and deciding it; each is asked for by one and decided by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import office_required, officer_of, recent_code_required
from core import clock
from core.errors import Refusal
from payments.services import Creditor
from refunds import second_officer, selectors, services
from refunds.desk_forms import DestinationForm, ReasonForm, RecoveryForm, VerdictForm
from refunds.states import RecoveryWay
from refunds.views.office import APPROVERS, ASSESSORS, READERS, found_or_404, refund_page

A_PAGE: Final = 50


@office_required(*READERS)
@require_GET
def claimed(request: HttpRequest) -> HttpResponse:
    """What left already and has to come back, with what of it is left."""
    page = Paginator(second_officer.with_claims(), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    left = second_officer.claims_left(rows)
    pairs = [(one, left[one.id]) for one in selectors.summaries(rows)]
    return render(request, "refunds/office/claimed.html", {"page": page, "pairs": pairs})


@office_required(*ASSESSORS)
@recent_code_required
@require_POST
def reopen(request: HttpRequest, refund_id: int) -> HttpResponse:
    """A rejected refund is looked at anew."""
    form = ReasonForm(request.POST)

    def work(officer_id: int) -> None:
        reason = form.cleaned_data["why"]
        services.reopen_refund(refund_id=refund_id, reason=reason, officer_id=officer_id, at=clock.now())

    return _done(request, refund_id, work=work, said=gettext("It is open again and has to be assessed."), reopen=form)


@office_required(*ASSESSORS)
@recent_code_required
@require_POST
def name_destination(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The account into which money of nobody goes."""
    form = DestinationForm(request.POST)

    def work(officer_id: int) -> None:
        told = form.cleaned_data
        to = Creditor(told["bank"], told["number"], told["holder"])
        services.ask_destination(refund_id=refund_id, to=to, reason=told["why"], officer_id=officer_id, at=clock.now())

    return _done(
        request, refund_id, work=work, said=gettext("Named. Another officer has to approve it."), destination=form
    )


@office_required(*APPROVERS)
@recent_code_required
@require_POST
def decide_destination(request: HttpRequest, refund_id: int, destination_id: int) -> HttpResponse:
    form = VerdictForm(request.POST)

    def work(officer_id: int) -> None:
        granted = form.cleaned_data["granted"] == "yes"
        services.decide_destination(
            destination_id=destination_id, refund_id=refund_id, granted=granted, officer_id=officer_id, at=clock.now()
        )

    return _done(request, refund_id, work=work, said=gettext("Decided."), verdict=form)


@office_required(*ASSESSORS)
@recent_code_required
@require_POST
def recover(request: HttpRequest, refund_id: int) -> HttpResponse:
    """How what was claimed back ends."""
    form = RecoveryForm(request.POST)

    def work(officer_id: int) -> None:
        told = form.cleaned_data
        services.ask_recovery(
            refund_id=refund_id,
            amount=told["amount"],
            way=RecoveryWay(told["way"]),
            source=told["source"],
            reason=told["why"],
            officer_id=officer_id,
            at=clock.now(),
        )

    return _done(
        request, refund_id, work=work, said=gettext("Entered. Another officer has to approve it."), recovery=form
    )


@office_required(*APPROVERS)
@recent_code_required
@require_POST
def decide_recovery(request: HttpRequest, refund_id: int, recovery_id: int) -> HttpResponse:
    form = VerdictForm(request.POST)

    def work(officer_id: int) -> None:
        granted = form.cleaned_data["granted"] == "yes"
        services.decide_recovery(
            recovery_id=recovery_id, refund_id=refund_id, granted=granted, officer_id=officer_id, at=clock.now()
        )

    return _done(request, refund_id, work=work, said=gettext("Decided."), verdict=form)


def _done(
    request: HttpRequest, refund_id: int, *, work: Callable[[int], None], said: str, **sent: forms.Form
) -> HttpResponse:
    """Do it, or show the refund's page again with the form as it was sent."""
    found = found_or_404(refund_id)
    (form,) = sent.values()
    if form.is_valid():
        try:
            work(officer_of(request).account_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, said)
            return redirect("refunds:refund", refund_id)
    return refund_page(request, found, **sent)
