"""Notices of intended assessments: what their payers see and do."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Assurance, citizen_required
from appeals import services
from appeals.rules.authority import authority_of
from appeals.selectors import notices
from appeals.services import notices as acts
from billing.selectors.city import dated_tables
from core import clock
from core.errors import Refusal


@citizen_required()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Every notice that one was served."""
    return render(request, "appeals/notices.html", {"notices": notices.mine(at=clock.now())})


@citizen_required()
@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice: what is intended, until when a review can be asked for, and who hears it."""
    return _page(request, _found(notice_id), "")


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def act(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Ask for a review, which leads to its petition, or for the bill at once."""
    found, at = _found(notice_id), clock.now()
    if found.bill_id is None:
        raise Http404
    try:
        if request.POST.get("do") == "early":
            acts.ask_early(notice_id=notice_id, at=at)
            return redirect("appeals:notice", notice_id)
        if found.no_review:
            return _page(request, found, gettext("The law leaves no review here: %s") % found.no_review_label)
        case_id = services.begin(bill_id=found.bill_id, language=get_language() or "ko", at=at)
        return redirect("appeals:case", case_id)
    except Refusal as refusal:
        return _page(request, found, str(refusal.message))


def _found(notice_id: int) -> notices.NoticeShown:
    try:
        return notices.notice(notice_id, at=clock.now())
    except notices.NoSuchNotice:
        raise Http404 from None


def _page(request: HttpRequest, found: notices.NoticeShown, problem: str) -> HttpResponse:
    today, tables = clock.local_date(clock.now()), dated_tables()
    context = {
        "notice": found,
        "authority": authority_of(tax=found.tax_id, on=today, tables=tables, review=True),
        "exceptions": tables.at("review_exceptions", today),
        "problem": problem,
    }
    return render(request, "appeals/notice.html", context, status=422 if problem else 200)
