"""Reads of billing; each returns frozen dataclasses or plain values, amounts in minor units (won)."""

from billing.selectors.bills import BillDetail, BillSummary, NoSuchBill, bill_detail, my_bills, parts_paid, search_bills
from billing.selectors.city import TaxName, taxes_billed_by_roll
from billing.selectors.finding import FindOutcome, find_bill
from billing.selectors.owed import LineOwed, Owed, owed
from billing.selectors.rolls import DistrictTotal, NoSuchRoll, RollPreview, RollSummary, preview, problems, rolls

__all__ = [
    "BillDetail",
    "BillSummary",
    "DistrictTotal",
    "FindOutcome",
    "LineOwed",
    "NoSuchBill",
    "NoSuchRoll",
    "Owed",
    "RollPreview",
    "RollSummary",
    "TaxName",
    "bill_detail",
    "find_bill",
    "my_bills",
    "owed",
    "parts_paid",
    "preview",
    "problems",
    "rolls",
    "search_bills",
    "taxes_billed_by_roll",
]
