"""One's own points: how many, which expire soon, and everything that moved them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import Assurance, account_of, citizen_required
from core import clock
from mileage import selectors
from mileage.rules.pack import pack
from mileage.selectors.draws import own_marks
from mileage.states import Way

A_PAGE = 50
WAYS = (Way.TRANSIT_CARD, Way.VOUCHER, Way.CASH, Way.CHARITY)


@citizen_required()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Balance, what expires soon, grade, the ways to use points, and the history."""
    at = clock.now()
    page = Paginator(selectors.history(), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = selectors.with_bills(list(page.object_list))
    city, today = pack(), clock.local_date(at)
    context = {
        "mine": selectors.my_points(at=at),
        "page": page,
        "rules": city.running(today),
        "ended": city.ended(today),
        "grades": city.grades,
        "lives_years": city.lives_years,
        "notice_days": city.notice_days,
        "ways": WAYS,
        "uses": selectors.own_uses(),
        "verified": account_of(request).assurance >= Assurance.IDENTITY,
        "marks": own_marks(),
    }
    return render(request, "mileage/home.html", context)
