"""What the city owes for points, as a page and as a file."""

from __future__ import annotations

import csv
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import office_required
from core import clock
from mileage.forms import OnForm
from mileage.selectors.liability import liability
from mileage.views.desk import READERS, only_the_citys


@office_required(*READERS)
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Liability at the end of a day: how the year led to it, and when it expires."""
    only_the_citys(request)
    form, on = _asked(request)
    context = {"form": form, "found": liability(on=on)}
    return render(request, "mileage/office/liability.html", context, status=422 if form.errors else 200)


@office_required(*READERS)
@require_GET
def report_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    only_the_citys(request)
    _form, on = _asked(request)
    found = liability(on=on)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mileage-{on.isoformat()}.csv"'
    response.write("\ufeff")
    rows = csv.writer(response, lineterminator="\r\n")
    rows.writerow(["part", "of", "way", "points", "count"])
    rows.writerow(["opening", on.replace(month=1, day=1).isoformat(), "", found.opening, ""])
    rows.writerows(["movement", flow.kind, flow.way, flow.points, flow.entries] for flow in found.flows)
    rows.writerow(["closing", on.isoformat(), "", found.points, ""])
    for year in found.years:
        rows.writerow(["expires", year.year, "held", year.held, year.holders])
        rows.writerow(["expires", year.year, "kept for uses", year.reserved, ""])
    return response


def _asked(request: HttpRequest) -> tuple[OnForm, date]:
    form = OnForm(request.GET or None)
    asked = form.cleaned_data["on"] if form.is_valid() else None
    return form, asked or clock.local_date(clock.now())
