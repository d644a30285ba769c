"""What other apps and pages ask of mileage."""

from mileage.services.accrue import reckon_bills
from mileage.services.expire import expire_points
from mileage.services.use import NotEnoughPoints, ask_use, give_back, release, spend
from mileage.states import Way

__all__ = [
    "NotEnoughPoints",
    "Way",
    "ask_use",
    "expire_points",
    "give_back",
    "reckon_bills",
    "release",
    "spend",
]
