"""Use cases of filing: file a return, amend it, bill it."""

from filing.services.bill import bill_cancelled, bill_replaced, bill_return
from filing.services.draft import Draft, NotSourced, draft, draft_of
from filing.services.file import (
    FiledBefore,
    Filing,
    NotToBeAmended,
    NotYoursToFile,
    SaysLess,
    SumChanged,
    TooManyReturns,
    check_amending,
    file_return,
    may_be_amended,
)
from filing.services.prepay import PREPAID, CarNotPaidAhead, Offer, lapse_prepaid, next_months, offers
from filing.services.prepay import apply as apply_for_prepayment

__all__ = [
    "PREPAID",
    "CarNotPaidAhead",
    "Draft",
    "FiledBefore",
    "Filing",
    "NotSourced",
    "NotToBeAmended",
    "NotYoursToFile",
    "Offer",
    "SaysLess",
    "SumChanged",
    "TooManyReturns",
    "apply_for_prepayment",
    "bill_cancelled",
    "bill_replaced",
    "bill_return",
    "check_amending",
    "draft",
    "draft_of",
    "file_return",
    "lapse_prepaid",
    "may_be_amended",
    "next_months",
    "offers",
]
