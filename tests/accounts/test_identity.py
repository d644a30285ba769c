"""Signing in with the mobile identity, against the sandbox's provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.conf import settings
from django.test import override_settings

from accounts import tasks
from accounts.identity.keys import new_private_key, public_jwk
from accounts.models import Account, IdentityReturn, Session
from accounts.services import find_or_create_taxpayers
from tests.accounts.people import PARK, Member, citizen, sign_in
from tests.sandbox.processes import program
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket
SECRET = "a secret of at least sixteen"
CALLBACK = "http://127.0.0.1:8000/sign-in/identity/callback"
PEM = new_private_key()


@dataclass
class Provider:
    url: str

    def fault(self, name: str) -> None:
        answer = httpx.post(f"{self.url}/sandbox/faults", json={"fault": name, "times": 1, "seconds": 1})
        assert answer.status_code == 201, answer.text

    def approve(self, started: str, person: str = "p-0001", decision: str = "approve") -> str:
        """What the browser is sent back to."""
        form = dict(parse_qsl(urlsplit(started).query))
        answer = httpx.post(f"{self.url}/authorize", data={**form, "person": person, "decision": decision})
        assert answer.status_code == 303, answer.text
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    store = tmp_path_factory.mktemp("identity")
    client = {
        "client_id": "etax-public",
        "client_secret": SECRET,
        "client_name": {"ko": "지방세", "en": "Local taxes"},
        "redirect_uris": [CALLBACK],
        "jwks": {"keys": [public_jwk(PEM)]},
        "resident_number": True,
    }
    file = store / "clients.json"
    file.write_text(json.dumps({"clients": [client]}))
    with program("identity", "--port", "0", "--store", str(store), "--clients", str(file)) as (address,):
        yield Provider(address)


@pytest.fixture
def provider(running: Provider, public_client: FaceClient) -> Iterator[Provider]:
    public_client.settings["IDENTITY_CLIENT_SECRET"] = SECRET
    known = {"IDENTITY_ISSUER": running.url, "IDENTITY_PRIVATE_KEY": PEM, "PUBLIC_URL": "http://127.0.0.1:8000"}
    with override_settings(**known):
        yield running


@pytest.fixture
def worker(deliver_events: Callable[[], int]) -> Callable[[], None]:
    def work() -> None:
        deliver_events()
        tasks.check_identities()

    return work


def go(client: FaceClient, provider: Provider, **how: str) -> str:
    """To the provider and back; returns where the browser is led."""
    started = client.post("/sign-in/identity/")
    assert started.status_code == 302
    answer = client.get(provider.approve(started["Location"], **how))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_verified_identity_alone_opens_ones_own_record(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None]
) -> None:
    (park,) = find_or_create_taxpayers([PARK])
    waiting = go(public_client, provider)
    page = public_client.get(waiting)
    assert page.headers["Refresh"] == "2"
    before = public_client.cookies["sessionid"].value
    worker()
    assert public_client.get(waiting).status_code == 302
    assert public_client.cookies["sessionid"].value != before
    assert public_client.get("/account/").status_code == 200
    account = Account.objects.get()
    assert (account.taxpayer_id, account.assurance, account.email) == (park, 2, None)
    assert IdentityReturn.objects.get().token == ""


def test_the_same_person_comes_back_to_the_same_account(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None]
) -> None:
    for _ in range(2):
        go(public_client, provider)
        worker()
        public_client.get("/sign-in/identity/check/")
        public_client.post("/sign-out/")
    assert Account.objects.count() == 1


def test_somebody_signed_in_verifies_the_account_they_have(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None]
) -> None:
    member = citizen("park@example.com")
    sign_in(public_client, member)
    go(public_client, provider)
    worker()
    account = Account.objects.get()
    assert (account.pk, account.assurance, account.taxpayer_id is not None) == (member.account, 2, True)


def test_a_verified_identity_takes_the_record_from_who_only_had_a_paper_bill(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None]
) -> None:
    thief = citizen("thief@example.com", PARK)
    go(public_client, provider)
    worker()
    assert Account.objects.get(pk=thief.account).taxpayer_id is None
    assert Account.objects.get(taxpayer__name=PARK.name).assurance == 2


def test_an_identity_of_another_account_is_refused(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None]
) -> None:
    go(public_client, provider)
    worker()
    public_client.post("/sign-out/")
    other: Member = citizen("other@example.com")
    sign_in(public_client, other)
    waiting = go(public_client, provider)
    worker()
    assert public_client.get(waiting).status_code == 422
    assert Account.objects.get(pk=other.account).taxpayer_id is None


@pytest.mark.parametrize(
    "fault",
    [
        "wrong_nonce",
        "wrong_audience",
        "wrong_issuer",
        "expired",
        "bad_signature",
        "unknown_key",
        "wrong_encryption_key",
    ],
)
def test_a_token_that_is_not_good_signs_nobody_in(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None], fault: str
) -> None:
    provider.fault(fault)
    waiting = go(public_client, provider)
    worker()
    assert public_client.get(waiting).status_code == 422
    assert public_client.get("/account/").status_code == 302
    assert Account.objects.count() == 0


def test_a_person_may_decline(provider: Provider, public_client: FaceClient) -> None:
    started = public_client.post("/sign-in/identity/")
    answer = public_client.get(provider.approve(started["Location"], decision="deny"))
    assert answer.status_code == 422


def test_the_provider_may_fail_and_a_code_can_not_be_used_twice(provider: Provider, public_client: FaceClient) -> None:
    provider.fault("http_500")
    started = public_client.post("/sign-in/identity/")
    back = provider.approve(started["Location"])
    assert public_client.get(back).status_code == 422
    assert public_client.get(back).status_code == 422


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    provider: Provider, public_client: FaceClient, worker: Callable[[], None]
) -> None:
    started = public_client.post("/sign-in/identity/")
    back = provider.approve(started["Location"])
    victim = FaceClient("public", public_client.as_role)
    assert victim.get(back).status_code == 422
    assert public_client.get(back.replace("state=", "state=x")).status_code == 422
    assert IdentityReturn.objects.count() == 0


def test_the_public_process_can_not_read_what_it_fetched(provider: Provider, public_client: FaceClient) -> None:
    go(public_client, provider)
    token = IdentityReturn.objects.get().token
    assert "박승우" not in token
    assert "6903029635604" not in token
    assert "IDENTITY_PRIVATE_KEY" not in public_client.settings
    assert Session.objects.get().account_id is None
    assert settings.IDENTITY_PRIVATE_KEY == PEM
