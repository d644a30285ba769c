"""The identity provider, as a client would use it that fetches with one hand and reads with another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwe, jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.sandbox.clients import CALLBACK, CURVED, READER, SECRET, VERIFIER, provider_with, question, registration
from tests.sandbox.processes import ROOT

pytestmark = pytest.mark.socket


@dataclass(frozen=True)
class Provider:
    http: httpx.Client
    address: str

    def back(self, answer: httpx.Response) -> dict[str, str]:
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"].startswith(CALLBACK + "?")
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def code(self, **changes: str) -> str:
        chosen = {"person": "p-0001", "decision": "approve"}
        back = self.back(self.http.post("/authorize", data={**question(**changes), **chosen}))
        assert (back["state"], back["iss"]) == ("the-state", self.address)
        return back["code"]

    def token(self, code: str, client_id: str = "etax-public", **changes: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return self.http.post("/token", data={**form, **changes}, auth=(client_id, SECRET))

    def read(self, id_token: str, key: RSAKey | ECKey = READER) -> dict[str, Any]:
        """Decrypt, find the signing key by its id, check the signature."""
        sealed = jwe.decrypt_compact(id_token, key, algorithms=["RSA-OAEP-256", "ECDH-ES", "A256GCM"])
        assert sealed.headers()["cty"] == "JWT"
        assert sealed.plaintext is not None
        keys = KeySet.import_key_set(self.http.get("/jwks").json())
        return jwt.decode(sealed.plaintext.decode(), keys, algorithms=["RS256"]).claims

    def fault(self, **fault: Any) -> None:
        assert self.http.post("/sandbox/faults", json=fault).status_code == 201


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    clients = [
        registration("etax-public", READER, resident_number=True),
        registration("curved", CURVED),
    ]
    with (
        provider_with(tmp_path_factory.mktemp("identity"), clients) as address,
        httpx.Client(base_url=address, trust_env=False) as http,
    ):
        yield Provider(http=http, address=address)


def test_a_person_is_handed_over_sealed(provider: Provider) -> None:
    answer = provider.token(provider.code())
    assert answer.headers["cache-control"] == "no-store"
    id_token = answer.json()["id_token"]
    assert id_token.count(".") == 4

    claims = provider.read(id_token)

    assert (claims["iss"], claims["aud"], claims["nonce"]) == (provider.address, "etax-public", "the-nonce")
    assert claims["verified_claims"]["verification"]["trust_framework"] == "kr_mobile_id"
    assert claims["verified_claims"]["claims"] == {
        "name": "박승우",
        "birthdate": "1869-03-02",
        "resident_number": "6903029635604",
    }


def test_discovery_says_where_everything_is(provider: Provider) -> None:
    found = provider.http.get("/.well-known/openid-configuration").json()
    assert found["issuer"] == provider.address
    assert len(provider.http.get(found["jwks_uri"]).json()["keys"]) == 2
    assert all("d" not in key for key in provider.http.get(found["jwks_uri"]).json()["keys"])


def test_a_client_without_permission_gets_no_resident_number(provider: Provider) -> None:
    answer = provider.token(provider.code(client_id="curved"), client_id="curved")
    claims = provider.read(answer.json()["id_token"], CURVED)
    assert set(claims["verified_claims"]["claims"]) == {"name", "birthdate"}


def test_only_what_was_asked_for_is_given(provider: Provider) -> None:
    wanted = {"verification": {"trust_framework": None}, "claims": {"name": None}}
    code = provider.code(scope="openid", claims=json.dumps({"id_token": {"verified_claims": wanted}}))
    assert set(provider.read(provider.token(code).json()["id_token"])["verified_claims"]["claims"]) == {"name"}
    code = provider.code(scope="openid")
    assert "verified_claims" not in provider.read(provider.token(code).json()["id_token"])


def test_a_person_keeps_one_subject_per_client(provider: Provider) -> None:
    first, second = (provider.read(provider.token(provider.code()).json()["id_token"])["sub"] for _ in range(2))
    other = provider.read(provider.token(provider.code(client_id="curved"), "curved").json()["id_token"], CURVED)["sub"]
    assert first == second != other


def test_a_code_works_once(provider: Provider) -> None:
    code = provider.code()
    assert provider.token(code).status_code == 200
    again = provider.token(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "w" * 50}, 400, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "/"}, 400, "invalid_grant"),
        ({"client_id": "curved"}, 400, "invalid_grant"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": ""}, 400, "invalid_request"),
    ],
)
def test_a_stolen_code_is_worth_nothing(provider: Provider, changes: dict[str, str], status: int, error: str) -> None:
    answer = provider.token(**{"code": provider.code(), **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "https://thief.example.com/"}])
def test_nobody_is_sent_to_an_unknown_address(provider: Provider, changes: dict[str, str]) -> None:
    answer = provider.http.get("/authorize", params=question(**changes))
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid", "claims": "["}, "invalid_request"),
        ({"scope": "openid", "claims": '{"id_token": {"verified_claims": 7}}'}, "invalid_request"),
    ],
)
def test_a_careless_request_goes_back(provider: Provider, changes: dict[str, str], error: str) -> None:
    back = provider.back(provider.http.get("/authorize", params=question(**changes)))
    assert (back["error"], back["state"]) == (error, "the-state")


def test_the_person_may_refuse(provider: Provider) -> None:
    answer = provider.http.post("/authorize", data={**question(), "decision": "deny"})
    assert provider.back(answer)["error"] == "access_denied"


def test_the_pages_lead_from_choosing_to_approving(provider: Provider) -> None:
    chooser = provider.http.get("/authorize", params=question(ui_locales="en", login_hint="p-0003"))
    assert "Who are you?" in chooser.text
    assert "form-action 'self' http://127.0.0.1:8000" in chooser.headers["content-security-policy"]
    assert "서태아" in provider.http.get("/authorize", params={**question(), "q": "서태"}).text
    nobody = provider.http.post("/authorize", data=question(ui_locales="en"))
    assert nobody.status_code == 422
    approve = provider.http.post("/authorize", data={**question(ui_locales="ko"), "person": "p-0001"})
    assert "휴대전화에서 승인" in approve.text
    assert "6903029635604" in approve.text


@pytest.mark.parametrize(
    ("fault", "claim", "value"),
    [("wrong_nonce", "nonce", "the-nonce"), ("wrong_audience", "aud", "etax-public")],
)
def test_a_wrong_claim_on_demand(provider: Provider, fault: str, claim: str, value: str) -> None:
    provider.fault(fault=fault)
    assert provider.read(provider.token(provider.code()).json()["id_token"])[claim] != value
    assert provider.read(provider.token(provider.code()).json()["id_token"])[claim] == value


def test_a_wrong_signature_and_a_wrong_key_on_demand(provider: Provider) -> None:
    provider.fault(fault="bad_signature")
    with pytest.raises(BadSignatureError):
        provider.read(provider.token(provider.code()).json()["id_token"])
    provider.fault(fault="wrong_encryption_key")
    with pytest.raises(Exception, match=r"(?i)decrypt"):
        provider.read(provider.token(provider.code()).json()["id_token"])
    provider.fault(fault="unknown_key")
    with pytest.raises(InvalidKeyIdError):
        provider.read(provider.token(provider.code()).json()["id_token"])


def test_a_lost_answer_has_used_the_code_up(provider: Provider) -> None:
    code = provider.code()
    provider.fault(fault="lost_answer")
    with pytest.raises(httpx.RemoteProtocolError):
        provider.token(code)
    assert provider.token(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"jwks": {"keys": [READER.as_dict(private=True)]}}, "public"),
        ({"jwks": {"keys": []}}, "jwks"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris"),
        ({"client_secret": "short"}, "client_secret"),
    ],
)
def test_a_wrong_registration_stops_the_start(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    path = tmp_path / "clients.json"
    path.write_text(json.dumps({"clients": [registration("etax-public", READER, **change)]}))
    command = [sys.executable, "-m", "sandbox", "identity", "--port", "0", "--store", str(tmp_path), "--clients"]
    done = subprocess.run([*command, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr
