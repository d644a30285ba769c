"""What staff see of payments: messages that wait or were set aside, money that fits nothing, one payment's history."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import Role, office_required, officer_of
from core import audit, clock
from payments import office, remembered
from payments.forms import SearchForm

ROLES = (Role.TREASURER, Role.COLLECTOR, Role.AUDITOR, Role.ADMINISTRATOR)


def only_the_citys(request: HttpRequest) -> None:
    """A gateway's messages and unassigned money belong to no district."""
    if not officer_of(request).of_the_city:
        raise PermissionDenied


@office_required(*ROLES)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages that are not simply processed, newest first."""
    only_the_citys(request)
    page = Paginator(office.open_messages(), 50).get_page(request.GET.get("page"))
    may_replay = bool(officer_of(request).roles & {Role.TREASURER, Role.ADMINISTRATOR})
    return render(request, "payments/inbox.html", {"page": page, "may_replay": may_replay})


@office_required(*ROLES)
@require_GET
def taken_back_early(request: HttpRequest) -> HttpResponse:
    """Money taken back whose payment is not here, oldest first, with its age and what is known."""
    only_the_citys(request)
    page = Paginator(remembered.waiting(), 50).get_page(request.GET.get("page"))
    found = remembered.described(list(page.object_list))
    return render(request, "payments/remembered.html", {"page": page, "found": found, "now": clock.now()})


@office_required(*ROLES)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Payments by a reference or number; looking somebody's payment up is recorded."""
    only_the_citys(request)
    form = SearchForm(request.GET if "text" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = office.find_attempts(text=form.cleaned_data["text"])
        for attempt in found:
            audit.record(action="payment.looked_up", subject=f"attempt:{attempt.reference}")
    roles = officer_of(request).roles
    context = {
        "form": form,
        "found": found,
        "may_cancel": Role.COLLECTOR in roles,
        "may_end": bool(roles & {Role.COLLECTOR, Role.TREASURER}),
        "may_see_cancellations": bool(roles & {Role.COLLECTOR, Role.APPROVER, Role.TREASURER, Role.AUDITOR}),
    }
    return render(request, "payments/search.html", context, status=422 if form.errors else 200)
