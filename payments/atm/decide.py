"""What a bank's message about a payment is answered, and what is done: one state machine, without wire or database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from payments.atm.words import Answer, Asked, BillLine, Code, Kind
from payments.states import AtmState

REQUEST_WITHIN: Final = timedelta(minutes=15)
ADVICE_WITHIN: Final = timedelta(days=10)


class AnotherPayment(ValueError):
    """A bank gave a second payment the name of an earlier one."""


@dataclass(frozen=True)
class Known:
    """A payment that was decided before, and the bill's number and amount it was about; None while only its reversal
    came."""

    state: AtmState
    answer: Answer | None
    number: str = ""
    amount: int = 0


@dataclass(frozen=True)
class Bill:
    """A bill as it stands at the moment of payment; `payer` is masked."""

    id: int
    in_force: bool
    payer: str
    line: BillLine


@dataclass(frozen=True)
class Say:
    """Only answer; `keep` the answer for repeats."""

    answer: Answer
    keep: bool = False


@dataclass(frozen=True)
class Pay:
    """Post the money to a bill, or to suspense without one. `exact`: not if the bill owes something else by then."""

    bill: Bill | None
    at: datetime
    exact: bool


def decide(*, asked: Asked, known: Known | None, bill: Bill | None, is_open: bool, at: datetime) -> Say | Pay:
    """What to do about a payment (`Kind.PAYMENT`), which may be declined, or an advice, which may not."""
    if asked.at is None:
        raise ValueError("a payment has a moment")
    if known is not None and (said := decide_known(asked=asked, known=known)):
        return said
    if asked.kind == Kind.ADVICE:
        plausible = at - ADVICE_WITHIN <= asked.at <= at + REQUEST_WITHIN
        return Pay(bill if plausible else None, asked.at if plausible else at, exact=False)
    refusal = _why_not(asked.at, asked.amount, bill, is_open, at)
    return Say(Answer(refusal), keep=True) if refusal else Pay(bill, asked.at, exact=True)


def decide_known(*, asked: Asked, known: Known) -> Say | None:
    """The answer about a payment that was decided before; None if an advice overrules what we said.

    Raises `AnotherPayment`.
    """
    if known.answer and (known.number, known.amount) != (asked.number, asked.amount):
        raise AnotherPayment
    if known.state == AtmState.WITHDRAWN:
        # The bank has undone what it now tells us of: nothing is left to post.
        return Say(Answer(Code.DONE)) if asked.kind == Kind.ADVICE else Say(Answer(Code.WITHDRAWN), keep=True)
    if asked.kind == Kind.ADVICE and known.state == AtmState.DECLINED:
        return None  # we said no, and the bank took the money all the same
    return Say(known.answer) if known.answer else None


def _why_not(moment: datetime, amount: int, bill: Bill | None, is_open: bool, at: datetime) -> Code | None:
    if not is_open:
        return Code.CLOSED
    if abs(moment - at) > REQUEST_WITHIN:
        return Code.INVALID
    return refusal_of(bill) or (Code.WRONG_AMOUNT if bill and bill.line.owed != amount else None)


def refusal_of(bill: Bill | None) -> Code | None:
    """Why a bill can't be paid at a machine, or None."""
    if bill is None:
        return Code.NOT_FOUND
    if not bill.in_force:
        return Code.NOT_IN_FORCE
    return None if bill.line.owed else Code.NOTHING_OWED
