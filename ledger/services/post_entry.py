from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from ledger.models import Purpose


class UnbalancedEntry(ValueError):
    """The postings don't sum to zero, or there are fewer than two."""


class EntryAlreadyPosted(Exception):
    """An entry of this kind and reference stands in the books."""


@dataclass(frozen=True)
class Posting:
    """One side: minor units, debit positive, credit negative, on the account of a body, tax and purpose."""

    body: str
    tax: str
    purpose: Purpose
    amount: int


def post_entry(
    *, kind: str, reference: str, business_date: date, occurred_at: datetime, postings: Sequence[Posting]
) -> int:
    """Post one balanced entry in the caller's transaction and return its id."""
    if len(postings) < 2 or sum(posting.amount for posting in postings) != 0:
        raise UnbalancedEntry(f"{kind} {reference}: {[posting.amount for posting in postings]}")
    sides = json.dumps([asdict(posting) for posting in postings])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_post_entry(%s, %s, %s, %s, %s)", [kind, reference, business_date, occurred_at, sides]
            )
            return int(cursor.fetchone()[0])
    except IntegrityError as error:
        if "ledger_entry_once" in str(error):
            raise EntryAlreadyPosted(f"{kind} {reference}") from error
        raise
