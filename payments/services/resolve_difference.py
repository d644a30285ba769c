"""What an officer does about a difference at the end of a day: take it, and say what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class DifferenceTaken(Refusal):
    message = _("Somebody has this difference already, or it is explained. Open the day again.")


class NotYourDifference(Refusal):
    message = _("Only the treasurer who took a difference resolves it, and only while it is unexplained.")


def take_difference(*, difference_id: int, at: datetime) -> None:
    """The signed-in treasurer of the city becomes its owner. Raises `DifferenceTaken`."""
    if not _call("SELECT payments_take_difference(%s, %s)", [difference_id, at]):
        raise DifferenceTaken


def resolve_difference(*, difference_id: int, note: str, at: datetime) -> None:
    """Its owner says how it is explained. Raises `NotYourDifference`."""
    if not _call("SELECT payments_resolve_difference(%s, %s, %s)", [difference_id, note, at]):
        raise NotYourDifference


def _call(query: str, values: Sequence[str | int | datetime]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return bool(cursor.fetchone()[0])
