from mileage.models.batch import Batch, ExpiryNotice
from mileage.models.draw import Candidate, Draw, DrawSecret
from mileage.models.earned import EarnedBill
from mileage.models.points import Entry, Holder, Lot, Posting
from mileage.models.use import Use

__all__ = [
    "Batch",
    "Candidate",
    "Draw",
    "DrawSecret",
    "EarnedBill",
    "Entry",
    "ExpiryNotice",
    "Holder",
    "Lot",
    "Posting",
    "Use",
]
