"""The court's figures: for everybody, what tells of nobody; for offices, what became of their levies."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import Role, office_required, public_page
from appeals.selectors import figures as reads
from appeals.selectors import own_figures
from core import clock

READABLE: Final = {"ensure_ascii": False, "indent": 1}
WITHHELD: Final = "withheld"


@public_page
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Of a year that is over, in all, by tax and by levying office; and how satisfied petitioners are."""
    known = reads.years()
    year = _year(request, known)
    context = {
        "years": known,
        "year": year,
        "told": reads.told(year) if year else {},
        "satisfied": reads.satisfied(at=clock.now()),
        "this_year": clock.local_date(clock.now()).year,
    }
    return render(request, "appeals/figures.html", context)


@public_page
@require_GET
def figures_json(request: HttpRequest) -> HttpResponse:
    """The same for machines; null is withheld, or there is none: `withheld` says which."""
    known = reads.years()
    year = _year(request, known)
    facts = {
        "years": known,
        "figures": list(reads.as_data(reads.told(year))) if year else [],
        "satisfaction": [
            {"quarter": one.quarter, "answers": one.answers, "average": float(one.average)}
            for one in reads.satisfied(at=clock.now())
        ],
    }
    return JsonResponse(facts, json_dumps_params=READABLE)


@public_page
@require_GET
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table. UTF-8 with a mark, as spreadsheets want it."""
    year = _year(request, reads.years())
    out = StringIO()
    names = [name for name in (*reads.FIELDS, "upheld_percent") if name not in ("least", "told_on")]
    writer = csv.writer(out)
    writer.writerow(names)
    for row in reads.as_data(reads.told(year)) if year else ():
        writer.writerow([WITHHELD if name in row["withheld"] else _cell(row[name]) for name in names])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tax-court-{year or "none"}.csv"'
    return answer


@office_required(Role.COURT_CLERK, Role.CHAIR, Role.ASSESSOR, Role.COLLECTOR)
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The improper-levy rate of the reader's office, or of all whose cases they hear, and on what it turned."""
    known = own_figures.own_years()
    year = _year(request, known)
    context = {
        "years": known,
        "year": year,
        "offices": own_figures.own(year) if year else [],
        "cases": own_figures.upheld_cases(year) if year else [],
    }
    return render(request, "appeals/office/figures.html", context)


def _year(request: HttpRequest, known: list[int]) -> int | None:
    """The year that is asked for, else the last one; None where there is none at all."""
    asked = request.GET.get("year", "")
    if not asked:
        return known[0] if known else None
    if asked not in {str(one) for one in known}:
        raise Http404
    return int(asked)


def _cell(value: object) -> object:
    return "" if value is None else value
