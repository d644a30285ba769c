"""Amounts as people read them."""

from __future__ import annotations


def shown(amount: int, currency: str, language: str) -> str:
    """
    >>> shown(52000, "KRW", "ko"), shown(52000, "KRW", "en"), shown(1234, "EUR", "en")
    ('52,000원', '₩52,000', 'EUR 1,234 (minor units)')
    """
    if currency == "KRW":
        return f"{amount:,}원" if language == "ko" else f"₩{amount:,}"
    return f"{currency} {amount:,} (minor units)"
