"""The client of the SMS provider, against the real process."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator

import pytest
from django.db import transaction

from core import sms
from core.db.transactions import TransactionSpansCall
from tests.sandbox.sms import SmsProvider, sms_provider

pytestmark = pytest.mark.socket


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmsProvider]:
    with sms_provider(tmp_path_factory.mktemp("sms")) as started:
        yield started


@pytest.fixture
def provider(outside: SmsProvider) -> Iterator[sms.Provider]:
    made = sms.Provider(**outside.options)
    yield made
    made.close()


def reference() -> str:
    return f"LNK-{secrets.token_hex(6)}"


def test_a_message_is_accepted_then_delivered(provider: sms.Provider) -> None:
    name = reference()
    assert provider.send(reference=name, to="01099980012", text="안녕") == sms.Told(sms.State.ACCEPTED)
    while (told := provider.ask(reference=name)) == sms.Told(sms.State.ACCEPTED):
        continue
    assert told == sms.Told(sms.State.DELIVERED)


@pytest.mark.parametrize(("fault", "mode"), [("lost_answer", "close"), ("lost_answer", "error"), ("http_500", "close")])
def test_a_lost_answer_is_unknown_and_sending_again_sends_once(
    provider: sms.Provider, outside: SmsProvider, fault: str, mode: str
) -> None:
    name, to = reference(), f"0109997{secrets.randbelow(10_000):04d}"
    outside.fault(fault=fault, mode=mode, endpoint="send", orderId=name)
    assert isinstance(provider.send(reference=name, to=to, text="안녕"), sms.Unknown)
    assert isinstance(provider.send(reference=name, to=to, text="안녕"), sms.Told)
    assert len(outside.received(to)) == 1


def test_what_the_provider_will_not_send_is_refused(provider: sms.Provider) -> None:
    assert provider.send(reference=reference(), to="01099980012", text="😀") == sms.Refused("UNSENDABLE_CHARACTER")
    assert provider.ask(reference="LNK-NOBODY") == sms.Refused("NOT_FOUND_MESSAGE", not_found=True)


def test_a_wrong_key_or_a_dead_line_say_nothing_of_the_message(outside: SmsProvider) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        for options in ({"key": "wrong"}, {"url": f"http://127.0.0.1:{probe.getsockname()[1]}"}):
            made = sms.Provider(**{**outside.options, **options})
            assert isinstance(made.send(reference=reference(), to="01099980012", text="안녕"), sms.Unknown)
            made.close()


def test_no_transaction_may_wait_for_it(db: None, provider: sms.Provider) -> None:
    with transaction.atomic(), pytest.raises(TransactionSpansCall):
        provider.ask(reference="LNK-ANY")
