"""Proofs for `manage.py log_check`: signed rulings against the leaves of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from appeals.models import Ruling
from appeals.states import RulingStatus
from core import log


def rulings_as_sealed() -> Iterator[str]:
    """Each signed ruling is what its chair signed, and none was signed without a leaf."""
    stored, seen = dict(_signed()), set()
    for batch in log.leaves(kind="ruling"):
        for leaf in batch:
            seen.add(leaf.reference)
            if leaf.reference not in stored:
                yield f"ruling {leaf.reference} is gone"
            elif stored[leaf.reference] != leaf.content:
                yield f"ruling {leaf.reference} is not what was sealed"
    yield from (f"ruling {number} has no leaf in the log" for number in sorted(stored.keys() - seen))


def _signed() -> Iterator[tuple[str, dict[str, Any]]]:
    cases = Ruling.objects.exclude(status=RulingStatus.DRAFT).order_by("pk").values_list("case_id", "case__number")
    for case_id, number in cases.iterator():
        with connection.cursor() as cursor:
            cursor.execute("SELECT appeals_ruling_leaf(%s)::text", [case_id])
            ((text,),) = cursor.fetchall()
        yield str(number), json.loads(text)
