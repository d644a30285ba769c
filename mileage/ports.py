"""What mileage asks of apps beside and above it; etax/wiring.py says who answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, kw_only=True)
class PaidBill:
    """A bill as far as points go. `paid_on`: the day on which it came to be paid in full; None while it is not.

    `by_channel`: won that stand on it now, by the way that they took. `e_notice` and `autopay`: whether its notice was
    electronic and its payment automatic, as billing knew when it was issued.
    """

    bill_id: int
    taxpayer_id: int
    paid_on: date | None
    due_on: date
    e_notice: bool
    autopay: bool
    by_channel: Mapping[str, int]

    @property
    def in_time(self) -> bool:
        return self.paid_on is not None and self.paid_on <= self.due_on


class PaidBills(Protocol):
    """Knows bills and what was paid on them."""

    def __call__(self, *, bill_ids: Sequence[int]) -> list[PaidBill]:
        """Those of the bills that are there."""


def paid_bills() -> PaidBills:
    found: PaidBills = import_string(settings.PAID_BILLS)
    return found


@dataclass(frozen=True, kw_only=True)
class BillName:
    """A bill as a person names it: its tax, its term in the reader's language, its electronic payment number."""

    bill_id: int
    tax_ko: str
    tax_en: str
    period: str
    epay_number: str


class BillNames(Protocol):
    """Knows how bills are named."""

    def __call__(self, *, bill_ids: Collection[int]) -> dict[int, BillName]:
        """Those of the bills that the running login may see."""


def bill_names(*, bill_ids: Collection[int]) -> dict[int, BillName]:
    answer: BillNames = import_string(settings.BILL_NAMES)
    return answer(bill_ids=bill_ids) if bill_ids else {}


class GoodPayers(Protocol):
    """Knows who paid well for years."""

    def __call__(self, *, rule: Mapping[str, Any], year: int) -> list[int]:
        """Taxpayers who meet `rule` (a `mileage.rules.pack.Selection`) on 1 January of a year, in their order."""


def good_payers() -> GoodPayers:
    found: GoodPayers = import_string(settings.GOOD_PAYERS)
    return found


class BanksPaidInto(Protocol):
    """Knows the banks into which money can be sent."""

    def __call__(self, *, on: date) -> dict[str, str]:
        """Their names, in both languages, by their three digits."""


def banks_paid_into(*, on: date) -> dict[str, str]:
    answer: BanksPaidInto = import_string(settings.BANKS_PAID_INTO)
    return answer(on=on)
