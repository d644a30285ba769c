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

__all__ = [
    "Draft",
    "FiledBefore",
    "Filing",
    "NotSourced",
    "NotToBeAmended",
    "NotYoursToFile",
    "SaysLess",
    "SumChanged",
    "TooManyReturns",
    "bill_cancelled",
    "bill_replaced",
    "bill_return",
    "check_amending",
    "draft",
    "draft_of",
    "file_return",
    "may_be_amended",
]
