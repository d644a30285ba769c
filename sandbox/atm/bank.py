"""What the bank's machine does: ask about bills, pay, tell afterwards, take back; and go wrong on demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.atm.line import Line, Message, NoAnswer
from sandbox.atm.wire import BadAnswer, Fields, element, elements
from sandbox.faults import Faults

HERE = ZoneInfo("Asia/Seoul")
FAULTS = ("repeat", "late_answer", "reversal_first", "wrong_mac", "truncated")
UNCERTAIN = ("91", "96")
MOST_KEPT = 1_000


@dataclass(frozen=True)
class Bill:
    number: str
    owed: int
    due: str
    year: int
    term: int
    tax: str


@dataclass(frozen=True)
class Shown:
    """The answer to an inquiry; `next` is 0 on the last page."""

    code: str
    payer: str = ""
    bills: tuple[Bill, ...] = ()
    next: int = 0


@dataclass
class Payment:
    """What this bank believes of one: paid, declined, reversed, or unknown."""

    stan: str
    number: str
    amount: int
    fields: Fields = field(repr=False)
    state: str = "unknown"
    code: str = ""
    reference: str = ""
    same_answer: bool | None = None

    def facts(self) -> dict[str, Any]:
        return {
            name: getattr(self, name)
            for name in ("stan", "number", "amount", "state", "code", "reference", "same_answer")
        }


class Bank:
    def __init__(self, *, line: Line, faults: Faults) -> None:
        self._line = line
        self._faults = faults
        self.payments: dict[str, Payment] = {}

    async def inquiry(self, *, number: str, page: int = 1) -> Shown:
        """Bills by an electronic payment number (19 digits) or a payer number (18). Raises `NoAnswer`."""
        by_payer = len(number) == 18
        data = element("02", number) + element("03", f"{page:02d}") if by_payer else element("01", number)
        (told,) = await self._line.ask(Message("0200", self._transaction("380000", 0, data)))
        return _shown(told)

    async def pay(self, *, number: str, amount: int, advice: bool = False) -> Payment:
        fields = self._transaction("500000", amount, element("01", number))
        payment = Payment(fields[11].decode(), number, amount, fields)
        while len(self.payments) >= MOST_KEPT:
            del self.payments[next(iter(self.payments))]
        self.payments[payment.stan] = payment
        fault = next((kind for kind in FAULTS if self._faults.take(kind)), "")
        try:
            await self._send(payment, "0220" if advice else "0200", fault)
        except (NoAnswer, BadAnswer):
            payment.code = ""
        if not payment.code or payment.code in UNCERTAIN:
            await self.reverse(payment)
        return payment

    async def reverse(self, payment: Payment) -> str:
        """Tell the city that the payer's money stays where it was, until it has heard."""
        reversal = self._reversal(payment)
        for mti in ("0420", "0421", "0421"):
            try:
                (told,) = await self._line.ask(Message(mti, reversal))
            except NoAnswer:
                continue
            code = told[39].decode()
            if code == "00":
                payment.state = "reversed"
            return code
        return ""

    async def _send(self, payment: Payment, mti: str, fault: str) -> None:
        request = Message(mti, payment.fields, {"wrong_mac": "mac", "truncated": "cut"}.get(fault, ""))
        if fault == "late_answer":
            await self._line.ask(request, Message("0420", self._reversal(payment)))
            payment.state, payment.code = "reversed", "00"
            return
        if fault == "reversal_first":
            _, told = await self._line.ask(Message("0420", self._reversal(payment)), request)
        elif fault == "repeat":
            told, again = await self._line.ask(request, Message(mti[:3] + "1", payment.fields))
            payment.same_answer = told == again
        else:
            (told,) = await self._line.ask(request)
        payment.code = told[39].decode()
        payment.state = "paid" if payment.code == "00" else "declined"
        payment.reference = dict(elements(told.get(48, b""))).get("30", b"").decode()

    def _transaction(self, process: str, amount: int, data: bytes) -> Fields:
        now = datetime.now(HERE)
        head = self._line.head()
        return {
            **head,
            3: process.encode(),
            4: b"%012d" % amount,
            12: f"{now:%H%M%S}".encode(),
            13: f"{now:%m%d}".encode(),
            37: head[11].rjust(12, b"0"),
            41: b"SANDBOX1",
            48: data,
            49: b"410",
        }

    def _reversal(self, payment: Payment) -> Fields:
        kept = {number: payment.fields[number] for number in (3, 4, 12, 13, 37, 41, 49)}
        bank = self._line.bank.encode().rjust(11, b"0")
        original = b"0200" + payment.fields[11] + payment.fields[7] + bank + b"0" * 11
        return {**self._line.head(), **kept, 90: original}


def _shown(told: Fields) -> Shown:
    data = elements(told.get(48, b""))
    named = dict(data)
    bills = tuple(_bill(value.decode("euc-kr", "replace")) for tag, value in data if tag == "20")
    payer = named.get("12", b"").decode("euc-kr", "replace")
    return Shown(told[39].decode(), payer, bills, int(named.get("11", b"0")))


def _bill(text: str) -> Bill:
    due = f"{text[31:35]}-{text[35:37]}-{text[37:39]}"
    return Bill(text[:19], int(text[19:31]), due, int(text[39:43]), int(text[43:45]), text[45:])
