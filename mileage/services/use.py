"""Using points: they are kept for it, then spent or free again; if a payment made with them goes back, so do they."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from mileage.functions import call
from mileage.rules.pack import pack
from mileage.states import Way


class NotEnoughPoints(Refusal):
    message = _("You do not have so many points now. Look at your points and enter fewer.")


def ask_use(*, reference: str, way: Way, points: int, at: datetime, target: Mapping[str, Any] | None = None) -> None:
    """Keep `points` of whoever is signed in for a use, in the caller's transaction. Public face.

    The same reference again changes nothing. Raises `NotEnoughPoints`; so does somebody whose identity is not verified,
    who has none.
    """
    if not call("mileage_ask", reference, way.value, points, json.dumps(dict(target or {})), at):
        raise NotEnoughPoints


def spend(*, reference: str, points: int, at: datetime) -> bool:
    """Points kept for a use that is no bill are spent: the city owes them to whom it pays for it. False: before now.

    Of bills the payment itself spends them (`payments_settle`). Refused by the database if they are not kept for it.
    """
    return bool(call("mileage_spend", reference, points, "refund_payable", at))


def release(*, reference: str, because: str, at: datetime) -> bool:
    """Points kept for a use are free again; False if it has ended already."""
    return bool(call("mileage_release", reference, because, pack().return_days, at))


def give_back(*, reference: str, key: str, points: int, at: datetime) -> bool:
    """Points that paid a bill come back to their holder, as the payment is given back. False: by this key before."""
    return bool(call("mileage_give_back", reference, key, points, pack().return_days, at))


def return_days() -> int:
    """So many days live points that come back after their last one."""
    return pack().return_days
