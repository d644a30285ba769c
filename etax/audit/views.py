from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import Role, office_required
from core import audit, clock, log
from etax.audit.forms import TrailForm

MOST = 200


@office_required(Role.AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what to whose data; looking is recorded too."""
    today = clock.local_date(clock.now())
    form = TrailForm(request.GET or {"start": today.isoformat(), "end": today.isoformat()})
    if not form.is_valid():
        return render(request, "audit/trail.html", {"form": form, "coverage": log.coverage()}, status=422)
    asked = dict(form.cleaned_data)
    start, end = _midnight(asked.pop("start")), _midnight(asked.pop("end") + timedelta(days=1))
    records = audit.trail(start=start, end=end, most=MOST, **asked)
    audit.record(action="audit.read", subject="audit", taxpayer_id=asked["taxpayer_id"], details=asked)
    facts = {"form": form, "records": records, "full": len(records) == MOST, "coverage": log.coverage()}
    return render(request, "audit/trail.html", facts)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
