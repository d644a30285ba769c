"""Proofs for `manage.py log_check`: signed rulings and minutes against the leaves of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from appeals.models import MinutesSigned, Reexamination, Ruling
from appeals.states import ResultStatus, RulingStatus
from core import log


def rulings_as_sealed() -> Iterator[str]:
    """Each signed ruling is what its chair signed, and none was signed without a leaf."""
    cases = Ruling.objects.exclude(status=RulingStatus.DRAFT).order_by("pk").values_list("case_id", "case__number")
    yield from _as_sealed("ruling", {str(number): _leaf("appeals_ruling_leaf", pk) for pk, number in cases.iterator()})


def reexaminations_as_sealed() -> Iterator[str]:
    """Each confirmed result of a re-examination is what its second officer confirmed, and none has no leaf."""
    done = Reexamination.objects.exclude(status=ResultStatus.WRITTEN).order_by("pk")
    cases = done.values_list("case_id", "case__number")
    stored = {str(number): _leaf("appeals_reexamination_leaf", pk) for pk, number in cases.iterator()}
    yield from _as_sealed("reexamination", stored)


def minutes_as_sealed() -> Iterator[str]:
    """Signed minutes of hearings are what was signed off, and none were without a leaf."""
    signed = MinutesSigned.objects.order_by("pk").values_list("minutes_id", flat=True)
    yield from _as_sealed("minutes", {str(pk): _leaf("appeals_minutes_leaf", pk) for pk in signed.iterator()})


def _as_sealed(kind: str, stored: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    seen = set()
    for batch in log.leaves(kind=kind):
        for leaf in batch:
            seen.add(leaf.reference)
            if leaf.reference not in stored:
                yield f"{kind} {leaf.reference} is gone"
            elif stored[leaf.reference] != leaf.content:
                yield f"{kind} {leaf.reference} is not what was sealed"
    yield from (f"{kind} {reference} has no leaf in the log" for reference in sorted(stored.keys() - seen))


def _leaf(function: str, pk: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)::text", [pk])
        ((text,),) = cursor.fetchall()
    found: dict[str, Any] = json.loads(text)
    return found
