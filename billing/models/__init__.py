"""Tables of billing. Amounts are `bigint` minor units (won): rolls are written by COPY and by one statement per table,
and a money field of two columns would make each of those statements convert twice. Pages show them as money."""

from billing.models.bill import Bill, BillLine, BillPayment, BillPaymentPart
from billing.models.city import DatedTable, DueDateOverride, Holiday, TaxType
from billing.models.entitlement import BillCredit, Entitlement, EntitlementKind
from billing.models.facts import BillFact, DueMove, Extension, Instalment
from billing.models.finding import Lookup, SessionBill
from billing.models.intended import IntendedBill
from billing.models.life import BillAdjustment, BillChange, BillReplacement, OfficerTurn, PaperRequest
from billing.models.part import RollPart
from billing.models.roll import LevyRoll, NumberRange, RollPiece, RollProblem, RollRow, RollTotal

__all__ = [
    "Bill",
    "BillAdjustment",
    "BillChange",
    "BillCredit",
    "BillFact",
    "BillLine",
    "BillPayment",
    "BillPaymentPart",
    "BillReplacement",
    "DatedTable",
    "DueDateOverride",
    "DueMove",
    "Entitlement",
    "EntitlementKind",
    "Extension",
    "Holiday",
    "Instalment",
    "IntendedBill",
    "LevyRoll",
    "Lookup",
    "NumberRange",
    "OfficerTurn",
    "PaperRequest",
    "RollPart",
    "RollPiece",
    "RollProblem",
    "RollRow",
    "RollTotal",
    "SessionBill",
    "TaxType",
]
