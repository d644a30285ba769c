"""The one clock. Faces and jobs read it once and hand the moment down as `at`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def local_date(at: datetime) -> date:
    """The day on which `at` falls in the city."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
