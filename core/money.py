"""Money: whole minor units (won, cents) as `int` inside, `Money` at the edges. No float ever."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from djmoney.money import Money


class NotWholeMinorUnits(ValueError):
    """An amount has a fraction of the smallest unit of its currency, or another currency than the city's."""


def minor(amount: Money) -> int:
    """Minor units of `amount`, which must be in the city's currency and whole."""
    if str(amount.currency) != settings.ETAX_CURRENCY:
        raise NotWholeMinorUnits(f"{amount.currency} is not the city's currency")
    scaled = amount.amount * 10**settings.ETAX_CURRENCY_DECIMALS
    if scaled != int(scaled):
        raise NotWholeMinorUnits(f"{amount} is not whole")
    return int(scaled)


def money(units: int) -> Money:
    """`units` minor units as an amount in the city's currency."""
    return Money(Decimal(units).scaleb(-settings.ETAX_CURRENCY_DECIMALS), settings.ETAX_CURRENCY)
