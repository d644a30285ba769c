"""Use cases of billing: load a city pack, import, approve and issue a roll, apply a payment, cancel a bill."""

from billing.services.apply_payment import AppliedPayment, Credit, apply_payment
from billing.services.approve_roll import RollHasNoRows, RollNotStaged, SameOfficerApproval, approve_roll, withdraw_roll
from billing.services.bring_roll import (
    MAX_BYTES,
    NoSuchTermOfTax,
    RollAlreadyImported,
    RollIsBinary,
    RollIsEmpty,
    RollIsTooLarge,
    TaxNotBilledByRoll,
    YearNotKnown,
    bring_roll,
)
from billing.services.cancel_bill import BillHasPayments, BillNotInForce, ReasonNeeded, cancel_bill
from billing.services.entitlements import record_entitlement
from billing.services.import_roll import import_roll
from billing.services.issue_roll import RollNotApproved, finish_if_complete, issue_part, issue_roll, request_issue
from billing.services.load_city import BadCityPack, load_city
from billing.services.open_bill import open_bill

__all__ = [
    "MAX_BYTES",
    "AppliedPayment",
    "BadCityPack",
    "BillHasPayments",
    "BillNotInForce",
    "Credit",
    "NoSuchTermOfTax",
    "ReasonNeeded",
    "RollAlreadyImported",
    "RollHasNoRows",
    "RollIsBinary",
    "RollIsEmpty",
    "RollIsTooLarge",
    "RollNotApproved",
    "RollNotStaged",
    "SameOfficerApproval",
    "TaxNotBilledByRoll",
    "YearNotKnown",
    "apply_payment",
    "approve_roll",
    "bring_roll",
    "cancel_bill",
    "finish_if_complete",
    "import_roll",
    "issue_part",
    "issue_roll",
    "load_city",
    "open_bill",
    "record_entitlement",
    "request_issue",
    "withdraw_roll",
]
