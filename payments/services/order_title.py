from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.clock import local_date
from payments import selectors
from payments.services.begin import Wish


def order_title(wish: Wish, language: str, at: datetime) -> str:
    """What the payer reads on the gateway's page: the tax and its period, no name."""
    return title_of(wish.bill_ids, language, at)


def title_of(bill_ids: Sequence[int], language: str, at: datetime) -> str:
    bills = selectors.payable(bill_ids=bill_ids, on=local_date(at))
    titles = [f"{bill.tax_ko if language == 'ko' else bill.tax_en} {bill.year}-{bill.term}" for bill in bills]
    return ", ".join(titles)[:100] or "ETAX"
