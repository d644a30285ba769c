"""The SMS provider as docs/protocols/sms.md describes it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.sandbox.sms import SENDER, SmsProvider, sms_provider

pytestmark = pytest.mark.socket


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmsProvider]:
    with sms_provider(tmp_path_factory.mktemp("sms")) as started:
        yield started


def message(**changes: Any) -> dict[str, Any]:
    facts = {"reference": f"LNK-{secrets.token_hex(6)}", "from": SENDER, "to": "01099980012", "text": "안녕하십니까"}
    return {**facts, **changes}


@pytest.mark.parametrize(
    ("text", "kind"), [("가" * 45, "SMS"), ("가" * 45 + ".", "LMS"), ("a" * 90, "SMS"), ("가" * 1000, "LMS")]
)
def test_the_length_in_bytes_of_euc_kr_decides_how_it_goes(provider: SmsProvider, text: str, kind: str) -> None:
    answer = provider.send(message(text=text))
    assert (answer.status_code, answer.json()["type"]) == (201, kind)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "가" * 1001}, "TEXT_TOO_LONG"),
        ({"text": "😀"}, "UNSENDABLE_CHARACTER"),
        ({"from": "0212345678"}, "UNREGISTERED_SENDER"),
        ({"to": "0212345678"}, "INVALID_REQUEST"),
        ({"to": "010-9998-0012"}, "INVALID_REQUEST"),
        ({"text": ""}, "INVALID_REQUEST"),
        ({"text": "a\x00b"}, "INVALID_REQUEST"),
        ({"text": ["a"]}, "INVALID_REQUEST"),
        ({"reference": "a b"}, "INVALID_REQUEST"),
    ],
)
def test_what_cannot_be_sent_is_refused(provider: SmsProvider, changes: dict[str, Any], code: str) -> None:
    answer = provider.send(message(**changes))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_same_key_sends_once_and_another_with_the_reference_is_refused(provider: SmsProvider) -> None:
    body = message(to="01099980013")
    first, again = (provider.send(body, **{"Idempotency-Key": body["reference"]}) for _ in range(2))
    assert again.json()["messageId"] == first.json()["messageId"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert provider.send(body).json()["code"] == "DUPLICATED_REFERENCE"
    assert len(provider.received("01099980013")) == 1


@pytest.mark.parametrize(("telephone", "failure"), [("01099980404", "NO_SUCH_NUMBER"), ("01099980503", "UNREACHABLE")])
def test_telephones_that_cannot_be_reached(provider: SmsProvider, telephone: str, failure: str) -> None:
    body = message(to=telephone)
    provider.send(body)
    provider.received(telephone)
    told = provider.http.get(f"/v1/messages/references/{body['reference']}").json()
    assert (told["state"], told["failure"]) == ("FAILED", failure)
    assert body["text"] not in provider.http.get(f"/telephones/{telephone}").text


def test_a_telephone_shows_what_came_with_its_links(provider: SmsProvider) -> None:
    provider.send(message(to="01099980014", text="<b>세금</b>\nhttp://127.0.0.1:9/l/abc"))
    page = provider.http.get("/telephones/01099980014").text
    assert '<a href="http://127.0.0.1:9/l/abc">' in page
    assert "&lt;b&gt;세금" in page
    found = provider.http.post("/", data={"telephone": "010-9998-0014", "lang": "en"})
    assert found.headers["location"] == "/telephones/01099980014?lang=en"
    assert provider.http.post("/", data={"telephone": "12", "lang": "en"}).status_code == 422


def test_a_lost_answer_says_nothing_and_asking_tells(provider: SmsProvider) -> None:
    body = message()
    provider.fault(fault="lost_answer", endpoint="send", orderId=body["reference"])
    with pytest.raises(httpx.HTTPError):
        provider.send(body)
    assert provider.http.get(f"/v1/messages/references/{body['reference']}").status_code == 200
    assert provider.http.get("/v1/messages/references/LNK-NOBODY").json()["code"] == "NOT_FOUND_MESSAGE"


def test_without_the_key_nothing_is_sent(provider: SmsProvider) -> None:
    answer = httpx.post(f"{provider.url}/v1/messages", json=message(), trust_env=False)
    assert answer.json()["code"] == "UNAUTHORIZED_KEY"
