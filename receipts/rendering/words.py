from __future__ import annotations

DIGITS = "영일이삼사오육칠팔구"
PLACES = ("", "십", "백", "천")
MYRIADS = ("", "만", "억", "조", "경")


def amount_in_hangul(amount: int) -> str:
    """
    A sum as official documents write it in words, every "일" included so that nothing can be put before it.

    >>> amount_in_hangul(113_560)
    '일십일만삼천오백육십'
    >>> amount_in_hangul(1_0000_0000)
    '일억'
    >>> amount_in_hangul(0)
    '영'
    """
    if not 0 <= amount < 10_000 ** len(MYRIADS):
        raise ValueError(f"no words for {amount}")
    if amount == 0:
        return DIGITS[0]
    groups: list[str] = []
    for myriad in MYRIADS:
        amount, group = divmod(amount, 10_000)
        if group:
            groups.append(_four_digits(group) + myriad)
    return "".join(reversed(groups))


def _four_digits(number: int) -> str:
    written = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            written = DIGITS[int(digit)] + PLACES[place] + written
    return written


def amount_in_figures(minor: int, *, symbol: str = "₩", decimals: int = 0) -> str:
    """
    >>> amount_in_figures(1234567)
    '₩1,234,567'
    >>> amount_in_figures(-1050, symbol="€", decimals=2)
    '-€10.50'
    """
    whole, rest = divmod(abs(minor), 10**decimals)
    fraction = f".{rest:0{decimals}d}" if decimals else ""
    return f"{'-' if minor < 0 else ''}{symbol}{whole:,}{fraction}"
