"""The host's use cases: an inquiry is answered, money is stored, decided about, written and answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import OperationalError, connection, transaction

from accounts.selectors import taxpayer_of_number
from core.identifiers import new_reference
from payments.atm.decide import AnotherPayment, Bill, Known, Pay, decide, decide_known, refusal_of
from payments.atm.hours import Hours
from payments.atm.words import Answer, Asked, BillLine, Code, Kind
from payments.gateways.base import Movement, MovementKind
from payments.rules.allocation import Share
from payments.services.pay_directly import direct_values
from payments.services.reverse import UnableToReverse, reverse
from payments.services.take_notification import conclude
from payments.states import AtmState, Channel, Verdict

ON_A_PAGE: Final = 6
DECIDE_AGAIN: Final = 5
STALE: Final = "40001"


class UnableToDecide(RuntimeError):
    """The bill changed at every try: nothing was written, the bank repeats."""


def answer(*, asked: Asked, hours: Hours, at: datetime, as_of: datetime | None = None) -> Answer:
    """What a bank's message is answered, its consequences committed. Raises database errors: then nobody knows.

    `as_of` is the moment by whose clock and hours a payment may be declined, if it is not `at`, the one of writing.
    """
    if asked.kind == Kind.INQUIRY:
        return _inquire(asked, at) if hours.are_open(at) else Answer(Code.CLOSED)
    if asked.kind == Kind.REVERSAL:
        return _reverse(asked, at)
    if asked.kind in {Kind.PAYMENT, Kind.ADVICE}:
        return _pay(asked, hours, at, as_of or at)
    return Answer(Code.MALFORMED if asked.kind == Kind.NONSENSE else Code.INVALID)


def _inquire(asked: Asked, at: datetime) -> Answer:
    if asked.payer:
        return _bills_of_payer(asked, at)
    bill = _bill(_ask("SELECT payments_atm_bill(%s, %s)", [asked.number, at]))
    refusal = refusal_of(bill)
    if refusal or bill is None:
        return Answer(refusal or Code.NOT_FOUND)
    return Answer(Code.DONE, bills=[bill.line], payer=bill.payer)


def _bills_of_payer(asked: Asked, at: datetime) -> Answer:
    taxpayer = taxpayer_of_number(number=asked.payer)
    if taxpayer is None:
        return Answer(Code.NOT_FOUND)
    skip = (asked.page - 1) * ON_A_PAGE
    told = _ask("SELECT payments_atm_bills(%s, %s, %s, %s)", [taxpayer, at, skip, ON_A_PAGE + 1])
    bills = [_line(facts) for facts in told]
    if not bills:
        return Answer(Code.NOT_FOUND)
    more = len(bills) > ON_A_PAGE and asked.page < 99
    return Answer(Code.DONE, bills=bills[:ON_A_PAGE], next_page=asked.page + 1 if more else 0)


def _pay(asked: Asked, hours: Hours, at: datetime, as_of: datetime) -> Answer:
    name = asked.transaction
    for _ in range(DECIDE_AGAIN):
        message_id, known, bill = _receive(asked)
        try:
            decision = decide(asked=asked, known=known, bill=bill, is_open=hours.are_open(as_of), at=as_of)
            if isinstance(decision, Pay):
                return _post(asked, decision, message_id, at)
        except AnotherPayment:
            conclude(message_id, Verdict.SET_ASIDE, problem="another payment of the same name", reference=name)
            return Answer(Code.INVALID)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != STALE:
                raise
            continue
        if not decision.keep:
            conclude(message_id, Verdict.PROCESSED, reference=name)
            return decision.answer
        return _decline(asked, decision.answer, message_id)
    raise UnableToDecide


def _receive(asked: Asked) -> tuple[int, Known | None, Bill | None]:
    """Store the message, and read what deciding takes: one round trip and one commit."""
    digest = hashlib.sha256(asked.raw).hexdigest()
    values = [asked.gateway, digest, asked.raw, asked.transaction, asked.number, asked.at]
    told = _ask("SELECT payments_atm_receive(%s, %s, %s, %s, %s, %s)", values)
    return told["message_id"], _known(told["known"]), _bill(told["bill"])


def _post(asked: Asked, decision: Pay, message_id: int, at: datetime) -> Answer:
    reference = new_reference("PAY")
    promised = Answer(Code.DONE, payer=decision.bill.payer if decision.bill else "", reference=reference)
    values = direct_values(
        gateway=asked.gateway,
        channel=Channel.ATM,
        movement=Movement(asked.transaction, MovementKind.DEPOSIT, asked.amount, decision.at),
        shares=[Share(decision.bill.id, asked.amount)] if decision.bill else [],
        reference=reference,
    )
    told = _ask(
        "SELECT payments_atm_pay(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [*values, message_id, at, decision.exact, _to_keep(asked, promised)],
    )
    if told["outcome"] != "known":
        return promised
    known = _known(told)
    said = decide_known(asked=asked, known=known) if known else None
    if said is None:
        raise UnableToDecide
    return _decline(asked, said.answer, message_id) if said.keep else said.answer


def _decline(asked: Asked, refusal: Answer, message_id: int) -> Answer:
    values = [asked.gateway, asked.transaction, _to_keep(asked, refusal), message_id]
    kept = _ask("SELECT payments_atm_decline(%s, %s, %s, %s)", values)
    return Answer.from_json(kept["answer"])


def _reverse(asked: Asked, at: datetime) -> Answer:
    message_id = _receive(asked)[0]
    try:
        return _taken_back(asked, message_id, at)
    except UnableToReverse:
        # The bank has given the money back, and so have we, or part of it, in another way: people settle that.
        problem = "more than is left of the payment was taken back"
        conclude(message_id, Verdict.SET_ASIDE, problem=problem, reference=asked.transaction)
        return Answer(Code.DONE)


def _taken_back(asked: Asked, message_id: int, at: datetime) -> Answer:
    with transaction.atomic():
        values = [asked.gateway, asked.transaction, asked.amount, message_id]
        before = _ask("SELECT payments_atm_withdraw(%s, %s, %s, %s)", values)
        if before == AtmState.PAID:
            movement = Movement(f"{asked.transaction}R", MovementKind.REVERSAL, asked.amount, at)
            reverse(
                gateway=asked.gateway, movement=movement, of_movement=asked.transaction, at=at, message_id=message_id
            )
    return Answer(Code.WRONG_AMOUNT if before == "another" else Code.DONE)


def _to_keep(asked: Asked, said: Answer) -> str:
    """What a repeat is answered, and what shows that it is one."""
    return json.dumps({**said.as_json(), "number": asked.number, "amount": asked.amount})


def _ask(query: str, values: Sequence[Any]) -> Any:
    """The one value of the one row."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        (value,) = cursor.fetchone()
    return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value


def _known(told: dict[str, Any] | None) -> Known | None:
    if told is None:
        return None
    kept = told["answer"]
    if not kept:
        return Known(AtmState(told["state"]), None)
    return Known(AtmState(told["state"]), Answer.from_json(kept), kept["number"], kept["amount"])


def _bill(told: dict[str, Any] | None) -> Bill | None:
    return None if told is None else Bill(told["id"], told["in_force"], told["payer"], _line(told))


def _line(told: dict[str, Any]) -> BillLine:
    due = date.fromisoformat(told["due_on"])
    return BillLine(told["number"], int(told["owed"]), due, told["year"], told["term"], told["tax"])
