"""Reads about payments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from billing.selectors import period_text
from payments.rules.allocation import Share
from payments.states import LIVE, ON_A_PAGE, SHOWN, Channel, Shown, Status, TakenBy
from receipts.selectors import OpenedLink


@dataclass(frozen=True)
class Payable:
    """A bill as its payer sees it before paying; `owed` in minor units on the day asked for."""

    bill_id: int
    epay_number: str
    tax_ko: str
    tax_en: str
    year: int
    term: int
    due_on: date
    in_force: bool
    owed: int
    taxpayer_id: int
    body_ko: str
    body_en: str
    tax: str

    @property
    def period(self) -> str:
        return period_text(tax=self.tax, year=self.year, term=self.term)


@dataclass(frozen=True)
class OrderFacts:
    """What settling must know of an attempt; `known`: the movement asked about stands in the books."""

    attempt_id: int
    amount: int
    already: int
    known: bool
    items: tuple[Share, ...]


@dataclass(frozen=True)
class Reversible:
    """`known`: this taking back stands in the books; `kept`: minor units left of the money that it speaks of."""

    known: bool
    kept: int


@dataclass(frozen=True)
class TakenBack:
    """Money of a payment that was taken back, as its payer is told."""

    at: datetime
    amount: int
    kind: str

    @property
    def label(self) -> str:
        return str(TakenBy(self.kind).label)


@dataclass(frozen=True)
class PageItem:
    bill_id: int
    amount: int
    epay_number: str
    tax_ko: str
    tax_en: str
    year: int
    term: int
    body_ko: str
    body_en: str
    tax: str

    @property
    def period(self) -> str:
        return period_text(tax=self.tax, year=self.year, term=self.term)


@dataclass(frozen=True)
class PageReceipt:
    """A receipt of one bill; `status` as the register has it."""

    number: str
    status: str
    bill_id: int


@dataclass(frozen=True)
class Tender:
    """One of the ways in which a basket is paid."""

    reference: str
    channel: str
    amount: int
    status: str

    @property
    def shown(self) -> Shown:
        return SHOWN[Status(self.status)]

    @property
    def counts(self) -> bool:
        """Whether it paid, or still may."""
        return self.status in {*LIVE, Status.PAID}


@dataclass(frozen=True)
class PageBasket:
    """All that is paid together, in more ways than this one."""

    id: int
    amount: int
    bills: tuple[int, ...]
    attempts: tuple[Tender, ...]

    @property
    def rest(self) -> int:
        return max(self.amount - sum(one.amount for one in self.attempts if one.counts), 0)


@dataclass(frozen=True)
class AttemptPage:
    """What the holder of a payer's link is shown. `owed`: what its bills owe today, while it waits with a number."""

    reference: str
    channel: str
    gateway: str
    amount: int
    status: str
    gateway_key: str
    page_url: str
    expires_at: datetime
    created_at: datetime
    paid_at: datetime | None
    bank: str
    number: str
    received: int
    excess: int
    owed: int | None
    taken: tuple[TakenBack, ...]
    payer: str
    basket: PageBasket | None
    receipts: tuple[PageReceipt, ...]
    items: tuple[PageItem, ...]

    @property
    def shown(self) -> Shown:
        if self.status in {Status.CANCELLED, Status.EXPIRED} and self.taken and not self.received:
            return Shown.TAKEN_BACK
        return SHOWN[Status(self.status)]

    @property
    def at_a_till(self) -> bool:
        """Whether the payer shows a number at a convenience store."""
        return self.channel == Channel.CONVENIENCE_STORE

    @property
    def not_to_be_paid(self) -> bool:
        """Whether its bills were paid in another way or cancelled, and money to its number would be too much."""
        return self.owed == 0

    @property
    def on_a_page(self) -> bool:
        """Whether the payer agrees on a page of the gateway's."""
        return self.channel in ON_A_PAGE


def payable(*, bill_ids: Sequence[int], on: date) -> list[Payable]:
    """The bills of these that the running login may see, and what each owes on a day.

    In the order in which money fills them: the city's before a district's (Collection Act, article 4), the older first.
    """
    query = """
        SELECT b.id, b.epay_number, t.name_ko, t.name_en, b.tax_year, b.term, b.due_on, b.status = 'issued',
               coalesce(sum(greatest(o.amount - o.tax_paid, 0)
                            + greatest(o.surcharge - o.surcharge_paid, 0)), 0)::bigint,
               b.taxpayer_id, y.name_ko, y.name_en, b.tax_id
        FROM billing_bill b
        JOIN billing_taxtype t ON t.code = b.tax_id
        JOIN accounts_levyingbody y ON y.code = b.body_id
        JOIN billing_datedtable a ON a.name = 'appropriation' AND a.valid_from <= %s
             AND (a.valid_to IS NULL OR %s <= a.valid_to)
        LEFT JOIN billing_owed(%s::bigint[], %s) o ON o.bill_id = b.id
        WHERE b.id = ANY (%s::bigint[])
        GROUP BY b.id, t.code, y.code, a.id
        ORDER BY array_position(ARRAY(SELECT jsonb_array_elements_text(a.body -> 'levied_by')), t.levied_by::text),
                 b.due_on, b.id
    """
    # In a transaction, since row-level security asks whose session it serves.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, [on, on, list(bill_ids), on, list(bill_ids)])
        return [Payable(*row) for row in cursor.fetchall()]


def order(*, gateway: str, reference: str, movement_id: str) -> OrderFacts | None:
    """The attempt behind an order at a gateway, or None when it is not one of ours."""
    return as_order(_one("SELECT payments_order(%s, %s, %s)", [gateway, reference, movement_id]))


def as_order(found: dict[str, Any] | None) -> OrderFacts | None:
    """What `payments_order` answered."""
    if found is None:
        return None
    items = tuple(Share(item["bill_id"], item["amount"]) for item in found["items"])
    return OrderFacts(found["attempt_id"], found["amount"], found["already"], found["known"], items)


def reversible(*, gateway: str, reference: str, of_movement: str, movement_id: str) -> Reversible:
    """What is left of the money that a movement takes back."""
    found = _one("SELECT payments_reversible(%s, %s, %s, %s)", [gateway, reference, of_movement, movement_id])
    return Reversible(**(found or {}))


def bill_by_number(*, number: str) -> int | None:
    """The bill with this electronic payment number; no number names none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT b.id FROM billing_bill b WHERE b.epay_number = %s AND %s <> ''", [number, number])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def secret_fits(*, gateway: str, reference: str, secret: str) -> bool | None:
    """Whether a notification shows the secret of the order's account; None where none is known (yet)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_secret_fits(%s, %s, %s)", [gateway, reference, secret])
        (fits,) = cursor.fetchone()
    return None if fits is None else bool(fits)


def by_secret(*, secret: str) -> AttemptPage | None:
    """The attempt whose link holds this secret."""
    found = _one("SELECT payments_by_secret(%s)", [secret])
    if found is None:
        return None
    for name in ("expires_at", "created_at", "paid_at"):
        found[name] = datetime.fromisoformat(found[name]) if found[name] else None
    found["taken"] = tuple(
        TakenBack(datetime.fromisoformat(one["at"]), one["amount"], one["kind"]) for one in found["taken"]
    )
    found["receipts"] = tuple(PageReceipt(**receipt) for receipt in found["receipts"] or ())
    found["basket"] = _basket(found["basket"]) if found["basket"] else None
    found["items"] = tuple(PageItem(**item) for item in found["items"])
    return AttemptPage(**found)


def _basket(facts: dict[str, Any]) -> PageBasket:
    attempts = tuple(Tender(**attempt) for attempt in facts["attempts"])
    return PageBasket(facts["id"], facts["amount"], tuple(facts["bills"]), attempts)


def receipt_file(*, secret: str, number: str) -> OpenedLink | None:
    """The receipt of one bill of a payment, for the holder of the payer's link; None if there is none (any more)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, status, pdf FROM payments_open_receipt(%s, %s)", [secret, number])
        row = cursor.fetchone()
    return OpenedLink(row[0], row[1], bytes(row[2]) if row[2] is not None else None) if row else None


def shown_bills() -> list[int]:
    """The bills that the running session was shown: found by itself, by a link, or in a call."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT billing_session_bills()")
        return list(cursor.fetchone()[0])


def own_taxpayers() -> frozenset[int]:
    """Whose bills the running session may pay as its own: the person's, and of those whom they act for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_session_taxpayers()")
        return frozenset(cursor.fetchone()[0])


def _one(query: str, values: list[Any]) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    value = row[0]
    return dict(json.loads(value) if isinstance(value, str) else value)
