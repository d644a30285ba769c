"""Reads about points; each returns frozen dataclasses or plain values."""

from mileage.selectors.own import Expiring, HistoryLine, Points, history, my_points
from mileage.selectors.uses import GivenBack, UseFacts, spent_on_bills, use_of

__all__ = [
    "Expiring",
    "GivenBack",
    "HistoryLine",
    "Points",
    "UseFacts",
    "history",
    "my_points",
    "spent_on_bills",
    "use_of",
]
