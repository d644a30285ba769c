"""What contesting a fine (과태료) means, and until when it can be objected to. Nothing is filed or kept here."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from appeals.explain import DeadlineSaid, said
from appeals.forms import NoticeArrivedForm
from appeals.selectors.clocks import clocks
from billing import selectors as bills
from billing.rules.calendar import CalendarNotKnown
from billing.selectors.bills import BillSummary
from billing.selectors.city import dated_tables
from core import clock


def how_it_is_contested(request: HttpRequest, bill: BillSummary, *, at: datetime) -> HttpResponse:
    """The way of a fine; with `?served_on=` also the last day, and what remains after it."""
    today, tables = clock.local_date(at), dated_tables()
    issued = bills.issued_on(bill_id=bill.id) or today
    asked = request.GET if "served_on" in request.GET else None
    form = NoticeArrivedForm(asked, today=today, issued_on=min(issued, today))
    refused = form.is_bound and not form.is_valid()
    last = _last_day(form.cleaned_data["served_on"], at=at) if form.is_bound and not refused else None
    context = {
        "bill": bill,
        "fine": tables.at("appeal_fine", today),
        "court": tables.at("appeal_fine_court", today),
        "form": form,
        "last": last,
        "not_known": form.is_bound and not refused and last is None,
    }
    return render(request, "appeals/fine.html", context, status=422 if refused else 200)


def _last_day(served: date, *, at: datetime) -> DeadlineSaid | None:
    """None where the city has not published the holidays of that year."""
    try:
        deadline = clocks(at).to_object(served=served)
    except CalendarNotKnown:
        return None
    return said([deadline], today=clock.local_date(at))[0]
