"""Toss Payments with the payer's bank as a real process, and what a payer does there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from payments.gateways.base import IssuedAccount, Method
from payments.gateways.toss import Toss
from tests.payments.world import APPROVED
from tests.sandbox import toss as process
from tests.sandbox.processes import Heard

DAY = 24 * 60 * 60


@dataclass(frozen=True)
class TossWorld:
    """Steps of payers and faults of the outside."""

    toss: process.Toss
    url: str

    @property
    def options(self) -> dict[str, str]:
        """What settings.GATEWAYS says of it."""
        return {"url": self.url, "key": process.SECRET_KEY, "currency": "KRW"}

    def agree(self, page_url: str, card: str = APPROVED, *, method: Method = Method.CARD) -> str:
        """Type a card in the window and the code on the issuer's page; returns where the payer is sent back to."""
        assert method == Method.CARD
        form = {"number": card, "expiry": "12/40", "holder": "HONG GILDONG", "lang": "ko"}
        to_issuer = self.toss.http.post(page_url, data=form)
        assert to_issuer.status_code == 303, to_issuer.text
        back = self.toss.http.post(to_issuer.headers["location"], data={"code": "824613", "lang": "ko"})
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    def refuse(self, page_url: str) -> str:
        """Press "cancel" in the window."""
        back = self.toss.http.post(page_url, data={"action": "cancel", "lang": "ko"})
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    def deposit(self, account: IssuedAccount | str, amount: int) -> str:
        """Transfer money to a virtual account; returns the bank's number of it, or nothing if the bank refused."""
        number = account if isinstance(account, str) else account.number
        answer = self.toss.post(
            "/bank/transfers", {"accountNumber": number, "amount": amount, "depositorName": "홍길동"}
        )
        assert answer.status_code in {201, 409}, answer.text
        return str(answer.json()["transfer"]) if answer.status_code == 201 else ""

    def take_back(self, transfer: str) -> None:
        assert self.toss.post(f"/bank/transfers/{transfer}/return").status_code == 201

    def fault(self, **fault: Any) -> None:
        if fault.get("endpoint") == "checkouts":
            fault["endpoint"] = "payments"
        self.toss.fault(**fault)

    def forge(self, reference: str, body: dict[str, Any]) -> None:
        assert self.toss.post("/sandbox/forgeries", {"orderId": reference, "body": body}).status_code == 202

    def pass_time(self, seconds: int) -> None:
        assert self.toss.post("/sandbox/clock", {"advance": seconds}).status_code == 200

    def until_settled(self) -> None:
        """What was sold is among the settlements from the next day on."""
        self.pass_time(DAY)

    def heard(self, reference: str) -> Heard:
        """The next webhook about an order."""
        return self.toss.next(reference)

    def nothing_faulty(self) -> None:
        assert self.toss.http.delete("/sandbox/faults").status_code == 204


@contextmanager
def toss_world(store: Path, *options: str) -> Iterator[TossWorld]:
    with process.toss(store, *options) as started:
        yield TossWorld(started, str(started.http.base_url).rstrip("/"))


@contextmanager
def adapter(around: TossWorld, **changes: str) -> Iterator[Toss]:
    made = Toss(**{**around.options, **changes})
    try:
        yield made
    finally:
        made.close()
