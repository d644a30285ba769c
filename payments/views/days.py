"""The treasurer's pages: each business day green, or what differs; and whom its money belongs to."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, office_required, officer_of
from core import clock
from core.errors import Refusal
from payments import remembered
from payments.forms import DayForm, ResolveForm
from payments.reconcile import reads, tables
from payments.reconcile.business_day import business_days
from payments.services.resolve_difference import resolve_difference, take_difference
from payments.views.office import only_the_citys

READERS = (Role.TREASURER, Role.AUDITOR)


@office_required(*READERS)
@require_GET
def days(request: HttpRequest) -> HttpResponse:
    """The last business days, each green or with what is missing."""
    only_the_citys(request)
    context = {"days": reads.recent_days(at=clock.now()), "waiting_since": remembered.waiting_since()}
    return render(request, "payments/days.html", context)


@office_required(*READERS)
@require_GET
def day(request: HttpRequest, day: str) -> HttpResponse:
    """What differs on one business day, and who has it."""
    only_the_citys(request)
    on = _day(day)
    found = list(reads.differences(day=on))
    names = reads.owners(found)
    context = {
        "row": reads.day_row(day=on),
        "waiting_since": remembered.waiting_since(),
        "differences": [(one, names.get(one.owner_id or 0, "")) for one in found],
        "now": clock.now(),
        "bodies": reads.sums_by_body(reads.shares(day=on)),
    }
    return render(request, "payments/day.html", context)


@office_required(*READERS)
@require_GET
def day_csv(request: HttpRequest, day: str) -> HttpResponse:
    """The differences of a business day as a file."""
    only_the_citys(request)
    on = _day(day)
    return tables.differences_csv(reads.differences(day=on), file_name=f"differences-{on}.csv")


@office_required(*READERS)
@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, difference_id: int) -> HttpResponse:
    """One difference; its owner resolves it with a note."""
    only_the_citys(request)
    found = reads.difference(difference_id=difference_id)
    if found is None:
        raise Http404
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resolve_difference(difference_id=found.pk, note=form.cleaned_data["note"], at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Resolved. It comes back if its sums change."))
            return redirect("payments:day", found.day.isoformat())
    officer = officer_of(request)
    context = {
        "difference": found,
        "owner": reads.owners([found]).get(found.owner_id or 0, ""),
        "form": form,
        "mine": found.owner_id == officer.account_id and Role.TREASURER in officer.roles,
        "may_take": found.owner_id is None and Role.TREASURER in officer.roles,
    }
    return render(request, "payments/difference.html", context, status=422 if form.errors else 200)


@office_required(Role.TREASURER)
@require_POST
def take(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Become the owner of a difference."""
    only_the_citys(request)
    try:
        take_difference(difference_id=difference_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("payments:difference", difference_id)


@office_required(*READERS)
@require_GET
def distribution(request: HttpRequest) -> HttpResponse:
    """Whose a business day's money is; an officer of a district sees their own."""
    form, on = _asked(request)
    found = reads.shares(day=on)
    context = {"form": form, "day": on, "shares": found, "bodies": reads.sums_by_body(found)}
    return render(request, "payments/distribution.html", context, status=422 if form.errors else 200)


@office_required(*READERS)
@require_GET
def distribution_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    _form, on = _asked(request)
    return tables.shares_csv(reads.shares(day=on), file_name=f"distribution-{on}.csv")


def _asked(request: HttpRequest) -> tuple[DayForm, date]:
    """The day that was asked for, else the youngest that is over."""
    at = clock.now()
    form = DayForm(request.GET or None)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    return form, asked or business_days(on=clock.local_date(at)).last_ended(at)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
