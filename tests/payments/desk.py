"""An agent of the call centre at their desk, the caller's telephone, and the SMS provider."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.enums import Role
from core import clock, sms
from payments import services
from payments.models import Attempt, Call
from tests.billing.people import officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.sandbox.sms import SmsProvider, sms_provider
from tests.support.database import AsRole
from tests.support.faces import FaceClient

EN = {"Accept-Language": "en"}


def a_telephone() -> str:
    """A mobile number that nobody has."""
    return f"0109996{secrets.randbelow(10_000):04d}".replace("0404", "0405").replace("0503", "0504")


@dataclass
class Agent:
    """What an agent does on the pages of the office face; keeps every page that they were shown."""

    client: FaceClient
    seen: str = ""

    def open(self, path: str) -> str:
        return self._read(self.client.get(path, headers=EN))

    def press(self, path: str, form: dict[str, Any] | None = None) -> Any:
        answer = self.client.post(path, form or {}, headers=EN)
        self._read(answer)
        return answer

    def begins(self) -> int:
        self.press("/calls/new/")
        return Call.objects.latest("pk").pk

    def checks(self, call: int, bill: BillFacts, **changes: str) -> Any:
        said = {"epay_number": bill.epay_number, "name": bill.payer, "birth_date": "1850-03-01", "amount": ""}
        return self.press(f"/calls/{call}/check/", {**said, **changes})

    def speaks_with(self, bill: BillFacts) -> int:
        call = self.begins()
        assert self.checks(call, bill).status_code == 302
        return call

    def lets_pay(self, call: int, *bills: BillFacts, way: str, telephone: str, key: str = "", **changes: str) -> Any:
        address = f"/calls/{call}/pay/?" + "&".join(f"bill={bill.id}" for bill in bills)
        form = {
            "way": way,
            "telephone": telephone,
            "language": "ko",
            "shown_amount": str(sum(bill.amount for bill in bills)),
            "form_key": key or secrets.token_hex(16),
        }
        return self.press(address, {**form, **changes})

    def _read(self, answer: Any) -> str:
        text = str(answer.content.decode())
        self.seen += text
        return text


def an_agent(as_role: AsRole, email: str = "agent@example.kr") -> Agent:
    return Agent(officer_client(as_role, email, Role.CALL_AGENT))


@dataclass(frozen=True)
class Telephones:
    """Text messages as they arrive, and the links in them."""

    provider: SmsProvider

    def link_on(self, telephone: str) -> str:
        """The path of the link in the only message of a telephone."""
        (message,) = self.provider.received(telephone)
        found = re.search(r"https?://[^/\s]+(/l/[A-Za-z0-9_-]+/)", message["text"])
        assert found, message["text"]
        return found[1]

    def text_on(self, telephone: str) -> str:
        (message,) = self.provider.received(telephone)
        return str(message["text"])


@pytest.fixture(scope="module")
def messages_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmsProvider]:
    with sms_provider(tmp_path_factory.mktemp("sms")) as started:
        yield started


@pytest.fixture
def telephones(messages_outside: SmsProvider) -> Iterator[Telephones]:
    with override_settings(SMS=messages_outside.options):
        yield Telephones(messages_outside)
        sms.close_connections()
    messages_outside.nothing_faulty()


@pytest.fixture
def agent(as_role: AsRole) -> Agent:
    return an_agent(as_role)


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def work(seconds: float = 1) -> None:
    """What the worker does when it looks again."""
    services.sweep(at=clock.now() + timedelta(seconds=seconds))


def the_attempt() -> Attempt:
    return Attempt.objects.get(channel="ars")


def site() -> str:
    return str(settings.PUBLIC_URL)
