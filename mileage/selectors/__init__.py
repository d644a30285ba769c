"""Reads about points; each returns frozen dataclasses or plain values."""

from mileage.selectors.batches import CashOrder, cash_order, partner_of
from mileage.selectors.own import Expiring, HistoryLine, Points, history, my_points, with_bills
from mileage.selectors.uses import GivenBack, OwnUse, UseFacts, own_uses, spent_on_bills, use_of

__all__ = [
    "CashOrder",
    "Expiring",
    "GivenBack",
    "HistoryLine",
    "OwnUse",
    "Points",
    "UseFacts",
    "cash_order",
    "history",
    "my_points",
    "own_uses",
    "partner_of",
    "spent_on_bills",
    "use_of",
    "with_bills",
]
