"""Reads of billing; each returns frozen dataclasses or plain values, amounts in minor units (won)."""

from billing.explain_periods import period_text
from billing.selectors.back import (
    GivenBack,
    MoneyBack,
    PaidOn,
    arrears,
    bills_with_money_back,
    money_back,
    next_bill,
    standing_amounts,
)
from billing.selectors.bills import (
    BillDetail,
    BillName,
    BillSummary,
    NoSuchBill,
    bill_detail,
    bill_names,
    bill_on_day,
    bills_by_id,
    bills_of,
    issued_on,
    my_bills,
    search_bills,
)
from billing.selectors.cars import BilledCar, billed_cars, stands_in_a_roll
from billing.selectors.city import RollTerm, TaxName, all_taxes, taxes_billed_by_roll, terms_of_rolls
from billing.selectors.claimable import Claimable, LineOfClaim, claimable
from billing.selectors.extensions import ExtensionEntry, extensions
from billing.selectors.finding import FindOutcome, find_bill
from billing.selectors.giro import GiroSlip, giro_slip
from billing.selectors.late import DetailLine, OnDay, parts_paid
from billing.selectors.life import BillLife, ChangeEntry, MoveEntry, life_of, moves_of, waiting_changes
from billing.selectors.owed import LineOwed, Owed, owed, owed_on
from billing.selectors.prescription import Claim, claim_of
from billing.selectors.progress import Progress, issue_progress
from billing.selectors.rolls import DistrictTotal, NoSuchRoll, RollPreview, RollSummary, preview, problems, rolls
from billing.selectors.taken_back import MoneyTakenBack, money_taken_back
from billing.selectors.touched import touched_by

__all__ = [
    "BillDetail",
    "BillLife",
    "BillName",
    "BillSummary",
    "BilledCar",
    "ChangeEntry",
    "Claim",
    "Claimable",
    "DetailLine",
    "DistrictTotal",
    "ExtensionEntry",
    "FindOutcome",
    "GiroSlip",
    "GivenBack",
    "LineOfClaim",
    "LineOwed",
    "MoneyBack",
    "MoneyTakenBack",
    "MoveEntry",
    "NoSuchBill",
    "NoSuchRoll",
    "OnDay",
    "Owed",
    "PaidOn",
    "Progress",
    "RollPreview",
    "RollSummary",
    "RollTerm",
    "TaxName",
    "all_taxes",
    "arrears",
    "bill_detail",
    "bill_names",
    "bill_on_day",
    "billed_cars",
    "bills_by_id",
    "bills_of",
    "bills_with_money_back",
    "claim_of",
    "claimable",
    "extensions",
    "find_bill",
    "giro_slip",
    "issue_progress",
    "issued_on",
    "life_of",
    "money_back",
    "money_taken_back",
    "moves_of",
    "my_bills",
    "next_bill",
    "owed",
    "owed_on",
    "parts_paid",
    "period_text",
    "preview",
    "problems",
    "rolls",
    "search_bills",
    "standing_amounts",
    "stands_in_a_roll",
    "taxes_billed_by_roll",
    "terms_of_rolls",
    "touched_by",
    "waiting_changes",
]
