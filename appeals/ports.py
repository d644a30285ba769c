"""What the court asks of an app beside it; settings say who answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class MoneyOnItsWay(Protocol):
    """A refund that a change of a bill led to; `amount` and `interest` in won, `done_at` once the money has left."""

    @property
    def id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def interest(self) -> int: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def done_at(self) -> datetime | None: ...


class MoneyBack(Protocol):
    """Knows what is paid back because of a change of a bill (`refunds.queries.money_of_change`)."""

    def __call__(self, *, change_id: int) -> Sequence[MoneyOnItsWay]: ...


def money_back() -> MoneyBack:
    found: MoneyBack = import_string(settings.MONEY_BACK)
    return found


class MoneyReturned(Protocol):
    """Knows how many won have gone back because of each of some changes (`refunds.queries.returned_by_changes`)."""

    def __call__(self, *, change_ids: Collection[int]) -> dict[int, int]: ...


def money_returned() -> MoneyReturned:
    found: MoneyReturned = import_string(settings.MONEY_RETURNED)
    return found
