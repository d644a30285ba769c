"""The clerk publishes what was decided, with nobody in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, office_required, officer_of, recent_code_required
from appeals.publish_forms import PublishForm
from appeals.selectors.publishing import proposal, to_publish
from appeals.services import publish as services
from appeals.views import petition
from core import clock
from core.errors import Refusal


@office_required(Role.COURT_CLERK)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Served rulings that are to be published; what is due within days is red."""
    return render(request, "appeals/office/to_publish.html", {"cases": to_publish(at=clock.now())})


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, case_id: int) -> HttpResponse:
    """The text with what identifies somebody blacked out, to be read, edited and published."""
    found = petition.found_case(case_id, staff=True)
    proposed = proposal(case_id)
    if proposed is None:
        raise Http404
    form = PublishForm(request.POST or None, initial=proposed.initial, again=bool(proposed.version))
    if form.is_valid():
        try:
            place = services.publish(
                case_id=case_id, says=form.says(), officer_id=officer_of(request).account_id, at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            named = gettext("Decision %(name)s is published.") % {"name": f"{place.year}-{place.number}"}
            messages.success(request, named)
            return redirect("appeals:to_publish")
    context = {"case": found, "form": form, "proposed": proposed}
    return render(request, "appeals/office/publish.html", context, status=422 if form.is_bound else 200)
