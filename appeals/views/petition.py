"""Writing a petition: the same page for a citizen, and for a clerk who writes for somebody at the counter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from appeals import services
from appeals.forms import PetitionForm
from appeals.selectors import cases
from appeals.selectors.facts import CaseDetail
from billing import selectors as bills
from core import clock
from core.errors import Refusal


def found_case(case_id: int, *, staff: bool = False) -> CaseDetail:
    try:
        return cases.detail(case_id, at=clock.now(), staff=staff)
    except cases.NoSuchCase:
        raise Http404 from None


def write(request: HttpRequest, case_id: int) -> HttpResponse:
    """Save, add a file, take one out, file, or throw away: one form, told apart by its buttons."""
    found = found_case(case_id)
    if not found.draft:
        return redirect("appeals:case", case_id)
    wanted = request.POST.get("do", "")
    if wanted == "discard":
        return _discard(request, found)
    if wanted.startswith("drop-") and wanted[5:].isdecimal() and len(wanted) < 20:
        services.drop_file(file_id=int(wanted[5:]))
        return redirect("appeals:write", case_id)
    form = _form(request, found, filing=wanted == "file")
    if form.is_valid():
        try:
            number = _keep(form, case_id, filing=wanted == "file")
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            if number:
                return redirect("appeals:filed", case_id)
            messages.success(request, gettext("Your draft is kept. Nothing is filed yet."))
            return redirect("appeals:write", case_id)
    context = {"case": found, "form": form, "bill": found.summary.bill}
    return render(request, "appeals/write.html", context, status=422 if form.is_bound else 200)


def _keep(form: PetitionForm, case_id: int, *, filing: bool) -> str:
    """Add the file, then keep or file what was typed; the docket number of what was filed."""
    at = clock.now()
    says = form.petition()
    services.save(case_id=case_id, says=says)
    if given := form.cleaned_data["file"]:
        name, kind, content = given
        services.add_file(case_id=case_id, name=name, kind=kind, content=content, at=at)
    return services.file(case_id=case_id, says=says, at=at) if filing else ""


def _discard(request: HttpRequest, found: CaseDetail) -> HttpResponse:
    services.discard(case_id=found.summary.id)
    messages.success(request, gettext("The draft is thrown away."))
    if found.notice_id:
        return redirect("appeals:notice", found.notice_id)
    return redirect("appeals:contest", found.summary.bill_id)


def _form(request: HttpRequest, found: CaseDetail, *, filing: bool) -> PetitionForm:
    at = clock.now()
    issued = bills.issued_on(bill_id=found.summary.bill_id) or clock.local_date(at)
    facts: dict[str, Any] = {
        "today": clock.local_date(at),
        "issued_on": min(issued, clock.local_date(at)),
        "filing": filing or request.method != "POST",
        "initial": _initial(found),
        "served": found.served_on if found.summary.review else None,
    }
    if request.method != "POST":
        return PetitionForm(**facts)
    return PetitionForm(request.POST, request.FILES, **facts)


def _initial(found: CaseDetail) -> dict[str, Any]:
    names = (
        *("served_on", "wish", "wish_amount", "grounds", "public_hearing", "remote", "language", "interpreter"),
        *("accessibility", "hindered_until", "hindrance"),
    )
    days = "\n".join(day.isoformat() for day in found.unavailable)
    return {name: getattr(found, name) for name in names} | {"unavailable": days}
