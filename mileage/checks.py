"""A proof for `manage.py ledger_check`: the points ledger against itself, the city's books, bills and uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection
from django.db.models import F, Sum

from core import drawing
from core.log import leaves
from ledger import selectors as books
from ledger.checks import Difference
from mileage.models import Draw, EarnedBill, Posting, Use
from mileage.states import Account, Kind, UseStatus

# What of a selection each kind of leaf holds.
LEAVES: Final = {"draw.seed": "commitment", "draw.list": "list_hash", "draw.result": "seed"}
BOOKED: Final = (Kind.CREDITED, Kind.TAKEN_BACK, Kind.SPENT, Kind.GIVEN_BACK, Kind.EXPIRED)
UNBALANCED: Final = """
    SELECT 'points entry ' || e.id, coalesce(sum(p.amount), 0)::bigint FROM mileage_entry e
    LEFT JOIN mileage_posting p ON p.entry_id = e.id
    GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 ORDER BY e.id LIMIT 20
"""
# What entries say of a bill: credited less taken back.
OF_BILLS: Final = """
    SELECT coalesce(-sum(p.amount), 0)::bigint FROM mileage_posting p JOIN mileage_entry e ON e.id = p.entry_id
    WHERE p.account = 'granted' AND e.reference LIKE 'bill:%%'
"""


def points_agree() -> list[Difference]:
    """Entries balance; points that are held are what the books owe; bills and uses sum to what was posted for them."""
    return [*_unbalanced(), *_with_the_books(), *_with_bills_and_uses()]


def _unbalanced() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(UNBALANCED)
        yield from (Difference(name, int(sum_of), 0) for name, sum_of in cursor.fetchall())


def _with_the_books() -> Iterator[Difference]:
    """Expense grows by what is credited, and the liability is what is held and kept for uses."""
    points = _sums()
    booked = [books.totals_of_entries(kind=f"mileage_{kind.value}") for kind in BOOKED]
    owed = points[Account.HELD] + points[Account.RESERVED]
    granted = -points[Account.GRANTED] - points[Account.EXPIRED]
    for purpose, expected in (("mileage", -owed), ("mileage_expense", granted)):
        found = sum(sums.get(purpose, 0) for sums in booked)
        if found != expected:
            yield Difference(f"points: {purpose}", found, expected)
    paid_out = sum(sums.get(purpose, 0) for sums in booked for purpose in ("clearing", "refund_payable"))
    if paid_out != -points[Account.SPENT]:
        yield Difference("points: spent", paid_out, -points[Account.SPENT])


def _with_bills_and_uses() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(OF_BILLS)
        (credited,) = cursor.fetchone()
    points = _sums()
    spent = Use.objects.filter(status=UseStatus.SPENT).aggregate(sum=Sum(F("points") - F("given_back")))["sum"]
    kept = Use.objects.filter(status=UseStatus.RESERVED).aggregate(sum=Sum("points"))["sum"]
    pairs = [
        ("points of bills", credited, EarnedBill.objects.aggregate(sum=Sum("points"))["sum"]),
        ("points spent", points[Account.SPENT], spent),
        ("points kept for uses", points[Account.RESERVED], kept),
    ]
    yield from (Difference(name, ledger, other or 0) for name, ledger, other in pairs if ledger != (other or 0))


def _sums() -> dict[str, int]:
    sums = dict(Posting.objects.values_list("account").annotate(Sum("amount")))
    return {account.value: int(sums.get(account.value, 0)) for account in Account}


def draws_as_sealed() -> Iterator[str]:
    """For `manage.py log_check`: each selection says what was sealed of it, and comes out as anybody may compute it."""
    sealed = {kind: {leaf.reference: leaf.content for batch in leaves(kind=kind) for leaf in batch} for kind in LEAVES}
    for draw in Draw.objects.order_by("year"):
        year = str(draw.year)
        for kind, name in LEAVES.items():
            if getattr(draw, name) != sealed[kind].get(year, {}).get(name, ""):
                yield f"the selection of {year} has another {name} than was sealed"
        marks = dict(draw.candidates.values_list("mark", "place"))
        if draw.list_hash and drawing.list_hash(marks) != draw.list_hash:
            yield f"the list of {year} is not the one that was sealed"
        if draw.seed:
            seed = bytes.fromhex(draw.seed)
            places = sorted((place, mark) for mark, place in marks.items() if place is not None)
            if drawing.drawn(marks=list(marks), seed=seed, places=draw.places) != [mark for _, mark in places]:
                yield f"others are drawn in {year} than the seed says"
