"""POST /token: a code for an id_token that only the holder of the private key can read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.errors import ApiError
from sandbox.identity import codes, tokens
from sandbox.identity.clients import Client
from sandbox.identity.codes import Code
from sandbox.identity.provider import Provider
from sandbox.pauses import pause
from sandbox.web import BrokenAnswer, read_form

HANG = 30.0
SLOW = 5.0


class TokenError(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


class TokenEndpoint:
    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def serve(self, request: Request) -> Response:
        faults = self._provider.faults
        slow = faults.take("slow")
        if slow:
            await pause(SLOW if slow.seconds is None else slow.seconds)
        if faults.take("http_500"):
            raise ApiError("PROVIDER_ERROR")
        form = await read_form(request)
        headers = {"Cache-Control": "no-store"}
        try:
            answer = JSONResponse(self._exchange(request, form), headers=headers)
        except TokenError as error:
            body = {"error": error.error, "error_description": str(error)}
            if error.status == 401:
                headers["WWW-Authenticate"] = "Basic"
            answer = JSONResponse(body, status_code=error.status, headers=headers)
        lost = faults.take("lost_answer")
        if lost and lost.mode == "error":
            raise ApiError("PROVIDER_ERROR")
        if lost:
            hang = HANG if lost.seconds is None else lost.seconds
            return BrokenAnswer(after=hang if lost.mode == "hang" else 0)
        return answer

    def _exchange(self, request: Request, form: dict[str, str]) -> dict[str, Any]:
        client = self._client(request, form)
        if form.get("grant_type") != "authorization_code":
            raise TokenError("unsupported_grant_type", "grant_type must be authorization_code")
        if not form.get("code") or not form.get("code_verifier"):
            raise TokenError("invalid_request", "code and code_verifier are required")
        code = codes.use_up(self._provider.db, code=form["code"], now=self._provider.clock.now())
        if code is None or code.client_id != client.id or form.get("redirect_uri") != code.redirect_uri:
            raise TokenError("invalid_grant", "the code is wrong, old, used, or another's")
        if not hmac.compare_digest(_challenge(form["code_verifier"]).encode(), code.challenge.encode()):
            raise TokenError("invalid_grant", "code_verifier does not fit")
        return {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": 60,
            "scope": code.scope,
            "id_token": self._id_token(client, code),
        }

    def _id_token(self, client: Client, code: Code) -> str:
        provider = self._provider
        person = provider.people.get(code.person_id)
        if person is None:
            raise TokenError("invalid_grant", "the person is gone")
        claims = tokens.claims_of(
            issuer=provider.issuer,
            sub=tokens.subject(salt=provider.keys.salt, client_id=client.id, person_id=person.id),
            client=client,
            person=person,
            names=code.claims,
            nonce=code.nonce,
            auth_time=code.at,
            now=provider.clock.now(),
        )
        return tokens.seal(claims=claims, keys=provider.keys, client=client, faults=provider.faults)

    def _client(self, request: Request, form: dict[str, str]) -> Client:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                pair = base64.b64decode(token, validate=True).decode()
            except (binascii.Error, ValueError):
                pair = ""
            client_id, secret = (unquote_plus(part) for part in (pair.partition(":")[0], pair.partition(":")[2]))
        client = self._provider.clients.get(client_id)
        if client is None or not client.is_secret(secret):
            raise TokenError("invalid_client", "client authentication failed", 401)
        return client


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode(errors="replace")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
