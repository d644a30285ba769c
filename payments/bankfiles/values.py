"""Single values of a bank's message: amounts, moments, texts."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from payments.bankfiles.facts import Money
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile

MOST_MONEY: Final = 9_999_999_999_999
YEARS: Final = range(2000, 2201)


Texts = dict[str, list[str]]


def text(node: Any, *paths: str, most: int = 140) -> str:
    """The first of these that is there; control characters become blanks."""
    for path in paths:
        found = (node.findtext(path) or "").strip()
        if found:
            return printable(found)[:most]
    return ""


def texts(node: Any, *, without: str = "") -> Texts:
    """Every text in an element by the way to it, such as {"BookgDt/Dt": ["2026-01-02"]}.

    Of an entry a dozen facts are asked for; one walk through it takes a quarter of the time of a dozen searches. What
    stands in children named `without` is left out.
    """
    found: Texts = {}
    for child in node:
        if child.tag != without:
            _collect(child, child.tag, found)
    return found


def _collect(node: Any, path: str, found: Texts) -> None:
    if len(node):
        for child in node:
            _collect(child, f"{path}/{child.tag}", found)
    else:
        found.setdefault(path, []).append((node.text or "").strip())


def first(found: Texts, *paths: str, most: int = 140) -> str:
    """What `text` answers, of texts that were collected."""
    for path in paths:
        if path in found and found[path][0]:
            return printable(found[path][0])[:most]
    return ""


def printable(written: str) -> str:
    """Control characters become blanks.

    >>> printable("a\\tb")
    'a b'
    """
    return written if written.isprintable() else "".join(one if one.isprintable() else " " for one in written)


def units(node: Any, money: Money, where: str) -> int:
    """Minor units of an element with an amount and its currency.

    "100.50" is 10050 in euros, and refused in won, which have no decimals; "100.00" is 100 won.
    """
    if node.get("Ccy") != money.currency:
        raise UnableToTakeBankFile(Reason.OTHER_CURRENCY, f"{where}: {node.get('Ccy')}")
    scaled = Decimal(node.text.strip()).scaleb(money.decimals)
    if scaled != scaled.to_integral_value() or not 0 <= scaled <= MOST_MONEY:
        raise UnableToTakeBankFile(Reason.BAD_AMOUNT, f"{where}: {node.text.strip()}")
    return int(scaled)


def sign(node: Any, otherwise: int = 1) -> int:
    """+1 for money in (CRDT), -1 for money out (DBIT)."""
    return sign_of(node.findtext("CdtDbtInd") or "", otherwise)


def sign_of(said: str, otherwise: int = 1) -> int:
    return {"CRDT": 1, "DBIT": -1}.get(said, otherwise)


def shown(amount: int, money: Money) -> str:
    """As the bank writes it.

    >>> shown(-10050, Money("EUR", 2))
    '-100.50 EUR'
    """
    return f"{Decimal(amount).scaleb(-money.decimals):f} {money.currency}"


def moment(written: str, zone: ZoneInfo, where: str) -> datetime:
    """A moment; without an offset it is the city's own time."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise UnableToTakeBankFile(Reason.BAD_DATE, where) from None
    if found.year not in YEARS:
        raise UnableToTakeBankFile(Reason.BAD_DATE, where)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def noon(written: str, zone: ZoneInfo, where: str) -> datetime:
    """The middle of a day of which no more is known."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        raise UnableToTakeBankFile(Reason.BAD_DATE, where) from None
    if day.year not in YEARS:
        raise UnableToTakeBankFile(Reason.BAD_DATE, where)
    return datetime.combine(day, time(12), zone)
