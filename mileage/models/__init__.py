from mileage.models.earned import EarnedBill
from mileage.models.points import Entry, Holder, Lot, Posting
from mileage.models.use import Use

__all__ = ["EarnedBill", "Entry", "Holder", "Lot", "Posting", "Use"]
