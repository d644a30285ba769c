"""Our own sums over a bank's message. What does not tie is refused whole, with the difference named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from payments.bankfiles.facts import Money
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.values import shown, sign, units

OPENING: Final = ("OPBD", "PRCD", "ITBD")
CLOSING: Final = ("CLBD", "ITBD")


@dataclass(frozen=True)
class Sums:
    """An entry as the totals count it: signed, booked or only told."""

    amount: int
    booked: bool


def refuse_difference(what: str, ours: int, theirs: int, money: Money) -> None:
    if ours != theirs:
        difference = shown(theirs - ours, money)
        raise UnableToTakeBankFile(
            Reason.DOES_NOT_TIE, f"{what}: {shown(theirs, money)} - {shown(ours, money)} = {difference}"
        )


def check_balances(statement: Any, entries: Sequence[Sums], money: Money, where: str) -> tuple[int, int]:
    """Opening + booked entries = closing; returns both balances.

    A page in the middle of a long statement has interim balances (ITBD) in their places.
    """
    opening = _balance(statement, OPENING, money, where, last=False)
    closing = _balance(statement, CLOSING, money, where, last=True)
    moved = sum(entry.amount for entry in entries if entry.booked)
    refuse_difference(f"{where}, closing balance", opening + moved, closing, money)
    return opening, closing


def _balance(statement: Any, kinds: Sequence[str], money: Money, where: str, *, last: bool) -> int:
    for kind in kinds:
        found = [one for one in statement.iterfind("Bal") if one.findtext("Tp/CdOrPrtry/Cd") == kind]
        if found:
            chosen = found[-1 if last else 0]
            return sign(chosen) * units(chosen.find("Amt"), money, where)
    raise UnableToTakeBankFile(Reason.DOES_NOT_TIE, f"{where}: no {'/'.join(kinds)}")


def check_summary(statement: Any, entries: Sequence[Sums], money: Money, where: str) -> None:
    """TxsSummry, where the bank gives one. Banks count informational entries in it or not: either way is right."""
    summary = statement.find("TxsSummry")
    if summary is None:
        return
    booked = [entry.amount for entry in entries if entry.booked]
    all_told = [entry.amount for entry in entries]
    for name, wanted in (("TtlNtries", (1, -1)), ("TtlCdtNtries", (1,)), ("TtlDbtNtries", (-1,))):
        node = summary.find(name)
        if node is not None:
            ways = [[one for one in way if one and (1 if one > 0 else -1) in wanted] for way in (booked, all_told)]
            _check_total(node, ways, money, f"{where}, {name}")


def _check_total(node: Any, ways: Sequence[Sequence[int]], money: Money, where: str) -> None:
    number, total = node.findtext("NbOfNtries"), node.findtext("Sum")
    if number is not None and int(number) not in {len(way) for way in ways}:
        raise UnableToTakeBankFile(Reason.DOES_NOT_TIE, f"{where}: {number} - {len(ways[0])}")
    if total is not None:
        sums = [sum(abs(one) for one in way) for way in ways]
        theirs = Decimal(total).scaleb(money.decimals)
        if theirs != theirs.to_integral_value():
            raise UnableToTakeBankFile(Reason.BAD_AMOUNT, f"{where}: {total}")
        if int(theirs) not in sums:
            refuse_difference(where, sums[0], int(theirs), money)
