"""The world around the city: an acquirer with its bank as a real process, and what a payer does there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest

from payments.gateways.base import IssuedAccount, Method
from payments.gateways.sandbox_acquirer import SandboxAcquirer
from tests.sandbox.processes import SECRET_KEY, WEBHOOK_SECRET, Acquirer, Heard, acquirer

APPROVED = "9999000000000012"
DECLINED = "9999000000000020"
NOT_AUTHENTICATED = "9999000000000038"
LOST_ANSWER = "9999000000000046"
DECIDED_LATER = "9999000000000053"


# How an account behaves that somebody agrees to have debited: its last four digits.
PAYS, EMPTY, NOT_THE_HOLDER, LOSES_ANSWER, DEBITED_LATER, CLOSED = "0012", "0020", "0038", "0046", "0053", "0079"


def an_account(behaviour: str = PAYS) -> str:
    return f"99{secrets.randbelow(10**8):08d}{behaviour}"


@dataclass(frozen=True)
class World:
    """Steps of payers and faults of the outside."""

    acquirer: Acquirer
    url: str
    key: str = SECRET_KEY

    @property
    def options(self) -> dict[str, str]:
        """What settings.GATEWAYS says of this acquirer."""
        return {"url": self.url, "key": self.key, "webhook_secret": WEBHOOK_SECRET, "currency": "KRW"}

    def agree(self, page_url: str, card: str = APPROVED, *, method: Method = Method.CARD) -> str:
        """Type a card, or the telephone that behaves like it, on the hosted page and the code of its issuer; returns
        where the payer is sent back to."""
        number = card if method == Method.CARD else f"0109999{card[-4:]}"
        form = {"number": number, "expiry": "12/40", "holder": "HONG GILDONG", "lang": "ko"}
        typed = self.acquirer.http.post(page_url, data=form)
        assert typed.status_code == 303, typed.text
        back = self.acquirer.http.post(page_url + "/confirm", data={"code": "824613", "lang": "ko"})
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    def press_keys(self, telephone: str, card: str = APPROVED, *, consent: str = "1") -> None:
        """Answer the acquirer's call on a telephone: type a card, then agree (1) or refuse (2)."""
        address = self._called(telephone)
        typed = self.acquirer.http.post(address, data={"card": card, "expiry": "1240", "lang": "ko"})
        assert typed.status_code == 303, typed.text
        done = self.acquirer.http.post(address + "/consent", data={"consent": consent, "lang": "ko"})
        assert done.status_code == 303, done.text

    def hang_up(self, telephone: str) -> None:
        assert self.acquirer.http.post(self._called(telephone), data={"action": "hang-up"}).status_code == 303

    def _called(self, telephone: str) -> str:
        answered = self.acquirer.http.post("/phone", data={"telephone": telephone, "lang": "ko"})
        assert answered.status_code == 303, answered.text
        return str(answered.headers["location"]).partition("?")[0]

    def refuse(self, page_url: str) -> str:
        """Press "cancel" on the hosted page."""
        back = self.acquirer.http.post(page_url, data={"action": "cancel", "lang": "ko"})
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    def agree_to_debits(self, page_url: str, account: str = "") -> str:
        """The holder of an account agrees on the bank's page; returns where they are sent back to."""
        form = {"accountNumber": account or an_account(), "holderName": "홍길동", "lang": "ko"}
        typed = self.acquirer.http.post(page_url, data=form)
        assert typed.status_code == 303, typed.text
        back = self.acquirer.http.post(page_url + "/confirm", data={"code": "824613", "lang": "ko"})
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    def holder_revokes(self, mandate_key: str) -> None:
        """At the bank, without a word to the city."""
        assert self.acquirer.post(f"/sandbox/mandates/{mandate_key}/revoke").status_code == 200

    def until_decided(self, reference: str) -> None:
        """Until the bank has made up its mind about a debit."""
        for _ in range(200):
            if self.acquirer.order(reference)["status"] != "PROCESSING":
                return
            Event().wait(0.05)
        raise AssertionError(reference)

    def put_money_in(self, account: str, balance: int) -> None:
        assert self.acquirer.post(f"/sandbox/accounts/{account}", {"balance": balance}).status_code == 200

    def deposit(self, account: IssuedAccount | str, amount: int) -> str:
        """Transfer money to a virtual account; returns the movement's key."""
        number = account if isinstance(account, str) else account.number
        body = {"accountNumber": number, "amount": amount, "depositorName": "홍길동"}
        answer = self.acquirer.post("/bank/transfers", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["transactionKey"])

    def opens_account(self, bank: str, number: str, holder: str) -> None:
        """Somebody has an account at a bank."""
        body = {"bank": bank, "accountNumber": number, "holderName": holder}
        assert self.acquirer.post("/bank/accounts", body).status_code == 201

    def take_back(self, movement_id: str) -> None:
        assert self.acquirer.post(f"/bank/transfers/{movement_id}/return").status_code == 201

    def pay_at_till(self, number: str) -> str:
        """A clerk takes the money; the movement's key, or nothing where the till refuses the number."""
        answer = self.acquirer.post("/till/payments", {"number": number})
        assert answer.status_code in {201, 404, 409}, answer.text
        return str(answer.json().get("transactionKey", ""))

    def void_at_till(self, movement_id: str) -> None:
        assert self.acquirer.post(f"/till/payments/{movement_id}/void").status_code == 201

    def object_to(self, reference: str, **facts: Any) -> str:
        """The cardholder objects at the card company; returns the movement's key."""
        answer = self.acquirer.post("/sandbox/chargebacks", {"orderId": reference, **facts})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["transactionKey"])

    def decide(self, movement_id: str, outcome: str) -> None:
        answer = self.acquirer.post(f"/sandbox/chargebacks/{movement_id}/decision", {"outcome": outcome})
        assert answer.status_code == 200, answer.text

    def fault(self, **fault: Any) -> None:
        self.acquirer.fault(**fault)

    def pass_time(self, seconds: int) -> None:
        assert self.acquirer.post("/sandbox/clock", {"advance": seconds}).status_code == 200

    def until_settled(self) -> None:
        """What was sold is among the settlements at once."""

    def heard(self, reference: str) -> Heard:
        """The next callback about an order."""
        return self.acquirer.shop.next(order_id=reference)

    def nothing_faulty(self) -> None:
        assert self.acquirer.http.delete("/sandbox/faults").status_code == 204


@contextmanager
def world(store: Path, *options: str) -> Iterator[World]:
    with acquirer(store, *options) as started:
        yield World(started, str(started.http.base_url).rstrip("/"))


@pytest.fixture(scope="module", name="outside")
def outside_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For a module whose tests move the acquirer's clock or read all that it sold."""
    with world(tmp_path_factory.mktemp("acquirer")) as started:
        yield started


@contextmanager
def adapter(around: World, **changes: str) -> Iterator[SandboxAcquirer]:
    made = SandboxAcquirer(**{**around.options, **changes})
    try:
        yield made
    finally:
        made.close()


def path_of(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}"
