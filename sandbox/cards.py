"""The only card numbers that are accepted, and how each behaves."""

from __future__ import annotations

import re
from enum import StrEnum

CODE = "824613"


class Behaviour(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    FAIL_AUTHENTICATION = "fail_authentication"
    LOSE_ANSWER = "lose_answer"
    APPROVE_LATE = "approve_late"
    SLOW = "slow"
    CLOSE = "close"


CARDS: dict[str, Behaviour] = {
    "9999000000000012": Behaviour.APPROVE,
    "9999000000000020": Behaviour.DECLINE,
    "9999000000000038": Behaviour.FAIL_AUTHENTICATION,
    "9999000000000046": Behaviour.LOSE_ANSWER,
    "9999000000000053": Behaviour.APPROVE_LATE,
    "9999000000000061": Behaviour.SLOW,
}

# Telephones of wallets and phone bills, each behaving as the card with the same last four digits.
PHONES: dict[str, Behaviour] = {f"0109999{number[-4:]}": behaviour for number, behaviour in CARDS.items()}

EFFECTS: dict[Behaviour, str] = {
    Behaviour.APPROVE: "is approved",
    Behaviour.DECLINE: "is declined: limit or balance",
    Behaviour.FAIL_AUTHENTICATION: "authentication fails",
    Behaviour.LOSE_ANSWER: "is approved, the first answer is lost",
    Behaviour.APPROVE_LATE: "first an error, approved three seconds later",
    Behaviour.SLOW: "is approved after five seconds",
}


def digits_of(number: str) -> str:
    return re.sub(r"[ -]", "", number)


def masked(number: str) -> str:
    """First six digits of a card, three of a telephone, and the last four.

    >>> masked("9999 0000 0000 0012")
    '999900******0012'
    >>> masked("010-9999-0012")
    '010****0012'
    """
    digits = digits_of(number)
    first = 3 if len(digits) == 11 else 6
    return f"{digits[:first]}{'*' * (len(digits) - first - 4)}{digits[-4:]}"


def spaced(number: str) -> str:
    """
    >>> spaced("9999000000000012")
    '9999 0000 0000 0012'
    >>> spaced("01099990012")
    '010-9999-0012'
    """
    if len(number) == 11:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def good_until(expiry: str, *, today: str) -> bool:
    """MM/YY, and not over yet on the ISO date `today`.

    >>> good_until("06/26", today="2026-06-30"), good_until("05/26", today="2026-06-30"), good_until("13/30", today="")
    (True, False, False)
    """
    match = re.fullmatch(r"(0[1-9]|1[0-2]) ?/ ?([0-9]{2})", expiry.strip(), re.ASCII)
    return match is not None and f"20{match[2]}-{match[1]}" >= today[:7]
