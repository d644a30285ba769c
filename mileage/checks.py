"""A proof for `manage.py ledger_check`: the points ledger against itself, the city's books, bills and uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Sum

from core import drawing
from core.log import leaves
from ledger import selectors as books
from ledger.checks import Difference
from mileage.models import Draw, Posting
from mileage.states import Account, Kind

# What of a selection each kind of leaf holds.
LEAVES: Final = {
    "draw.seed": ("commitment", "rule"),
    "draw.list": ("list_hash",),
    "draw.event": ("event", "event_on"),
    "draw.result": ("seed", "told"),
}
BOOKED: Final = (Kind.CREDITED, Kind.TAKEN_BACK, Kind.SPENT, Kind.GIVEN_BACK, Kind.EXPIRED)
UNBALANCED: Final = """
    SELECT 'points entry ' || e.id, coalesce(sum(p.amount), 0)::bigint FROM mileage_entry e
    LEFT JOIN mileage_posting p ON p.entry_id = e.id
    GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 ORDER BY e.id LIMIT 20
"""
# What entries say of each bill, credited less taken back, beside what the bill's row says; the same of each use.
OF_BILLS: Final = """
    SELECT 'points of bill ' || coalesce(b.bill, g.bill), coalesce(g.points, 0), coalesce(b.points, 0)
    FROM mileage_earnedbill b FULL JOIN (
        SELECT split_part(substr(e.reference, 6), '/', 1)::bigint AS bill, -sum(p.amount)::bigint AS points
        FROM mileage_posting p JOIN mileage_entry e ON e.id = p.entry_id
        WHERE p.account = 'granted' AND e.reference LIKE 'bill:%' GROUP BY 1
    ) AS g ON g.bill = b.bill
    WHERE coalesce(g.points, 0) <> coalesce(b.points, 0) LIMIT 20
"""
OF_USES: Final = """
    SELECT 'points ' || x.account || ' for ' || u.reference, coalesce(g.points, 0), x.points
    FROM mileage_use u CROSS JOIN LATERAL (VALUES
        ('reserved', CASE u.status WHEN 'reserved' THEN u.points ELSE 0 END),
        ('spent', CASE u.status WHEN 'spent' THEN u.points - u.given_back ELSE 0 END)
    ) AS x (account, points)
    LEFT JOIN (
        SELECT split_part(e.reference, '/', 1) AS reference, p.account, sum(p.amount)::bigint AS points
        FROM mileage_posting p JOIN mileage_entry e ON e.id = p.entry_id
        WHERE p.account IN ('reserved', 'spent') GROUP BY 1, 2
    ) AS g ON g.reference = u.reference AND g.account = x.account
    WHERE coalesce(g.points, 0) <> x.points LIMIT 20
"""
# Points that are owed beside points that can be used, or kept for a use that is over.
SET_OFF_MISSED: Final = """
    SELECT 'points owed by holder ' || x.holder_id, x.owed, 0::bigint FROM (
        SELECT s.holder_id, sum(s.held) FILTER (WHERE s.held < 0)::bigint AS owed,
               sum(s.held) FILTER (WHERE s.held > 0 AND s.expires_on >= mileage_day(now())) AS usable
        FROM (SELECT l.holder_id, l.expires_on, sum(p.amount) AS held
              FROM mileage_lot l JOIN mileage_posting p ON p.lot_id = l.id AND p.account = 'held' GROUP BY l.id) AS s
        GROUP BY s.holder_id
    ) AS x WHERE x.owed < 0 AND x.usable > 0 LIMIT 20
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
    for query in (OF_BILLS, OF_USES, SET_OFF_MISSED):
        with connection.cursor() as cursor:
            cursor.execute(query)
            yield from (Difference(name, int(ledger), int(other)) for name, ledger, other in cursor.fetchall())


def _sums() -> dict[str, int]:
    sums = dict(Posting.objects.values_list("account").annotate(Sum("amount")))
    return {account.value: int(sums.get(account.value, 0)) for account in Account}


def draws_as_sealed() -> Iterator[str]:
    """For `manage.py log_check`: each selection says what was sealed of it, and comes out as anybody may compute it."""
    sealed = {kind: {leaf.reference: leaf.content for batch in leaves(kind=kind) for leaf in batch} for kind in LEAVES}
    for draw in Draw.objects.order_by("year"):
        year = str(draw.year)
        for kind, names in LEAVES.items():
            of_leaf = sealed[kind].get(year)
            if of_leaf is None and getattr(draw, names[0]):
                yield f"of the selection of {year} no {names[0]} was sealed"
            for name in names:
                if of_leaf is not None and _as_sealed(getattr(draw, name)) != of_leaf.get(name):
                    yield f"the selection of {year} has another {name} than was sealed"
        marks = dict(draw.candidates.values_list("mark", "place"))
        if draw.list_hash and drawing.list_hash(marks) != draw.list_hash:
            yield f"the list of {year} is not the one that was sealed"
        if draw.seed:
            seed = bytes.fromhex(draw.seed)
            places = sorted((place, mark) for mark, place in marks.items() if place is not None)
            if drawing.drawn(marks=list(marks), seed=seed, told=draw.told, places=draw.places) != [
                mark for _, mark in places
            ]:
                yield f"others are drawn in {year} than the seed says"


def _as_sealed(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
