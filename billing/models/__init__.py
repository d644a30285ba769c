"""Tables of billing. Amounts are `bigint` minor units (won): rolls are written by COPY and by one statement per table,
and a money field of two columns would make each of those statements convert twice. Pages show them as money."""

from billing.models.bill import Bill, BillLine, BillPayment, BillPaymentPart
from billing.models.city import DatedTable, DueDateOverride, Holiday, TaxType
from billing.models.finding import Lookup, SessionBill
from billing.models.roll import LevyRoll, NumberRange, RollProblem, RollRow

__all__ = [
    "Bill",
    "BillLine",
    "BillPayment",
    "BillPaymentPart",
    "DatedTable",
    "DueDateOverride",
    "Holiday",
    "LevyRoll",
    "Lookup",
    "NumberRange",
    "RollProblem",
    "RollRow",
    "SessionBill",
    "TaxType",
]
