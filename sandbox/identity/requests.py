"""The authorization request, read and judged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.identity.clients import Client

NAMES = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "claims",
    "ui_locales",
    "login_hint",
)
CLAIMS = ("name", "birthdate", "resident_number")
TRUST_FRAMEWORK = "kr_mobile_id"
LONGEST = 4000


class NoWayBack(Exception):
    """The client or its address is wrong: nothing may be sent there."""


class Refused(Exception):
    """Goes back to the client as `error`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Asked:
    client: Client
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    claims: tuple[str, ...]


def parameters(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in NAMES if name in values}


def find_client(clients: Mapping[str, Client], values: Mapping[str, str]) -> Client:
    client = clients.get(values.get("client_id", ""))
    if client is None:
        raise NoWayBack("The client is not known.")
    if not values.get("redirect_uri"):
        raise NoWayBack("The request has no address to go back to.")
    if values["redirect_uri"] not in client.redirect_uris:
        raise NoWayBack("The address to go back to is not registered.")
    return client


def read(client: Client, values: Mapping[str, str]) -> Asked:
    if values.get("response_type") != "code":
        raise Refused("unsupported_response_type", "response_type must be code")
    if any(len(value) > LONGEST for value in values.values()):
        raise Refused("invalid_request", "a parameter is too long")
    scopes = values.get("scope", "").split()
    if "openid" not in scopes:
        raise Refused("invalid_scope", "scope must have openid")
    for name in ("state", "nonce"):
        if not 1 <= len(values.get(name, "")) <= 200:
            raise Refused("invalid_request", f"{name} of 1 to 200 characters is required")
    if values.get("code_challenge_method") != "S256":
        raise Refused("invalid_request", "code_challenge_method must be S256")
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", values.get("code_challenge", "")):
        raise Refused("invalid_request", "code_challenge must be 43 characters of base64url")
    return Asked(
        client=client,
        redirect_uri=values["redirect_uri"],
        scope=" ".join(scope for scope in scopes if scope in ("openid", "identity")),
        state=values["state"],
        nonce=values["nonce"],
        challenge=values["code_challenge"],
        claims=_claims(client, scopes, values.get("claims")),
    )


def _claims(client: Client, scopes: list[str], claims: str | None) -> tuple[str, ...]:
    named = set(CLAIMS) if "identity" in scopes else _named(claims) if claims else set()
    if not client.resident_number:
        named.discard("resident_number")
    return tuple(name for name in CLAIMS if name in named)


def _named(claims: str) -> set[str]:
    """Names under id_token.verified_claims.claims, if our trust framework will do."""
    try:
        wanted: Any = json.loads(claims).get("id_token", {}).get("verified_claims", {})
        options = wanted if isinstance(wanted, list) else [wanted]
        return {name for option in options if _trusted(option) for name in option.get("claims", {})}
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Refused("invalid_request", "claims is not understood") from error


def _trusted(option: dict[str, Any]) -> bool:
    wanted = option.get("verification", {}).get("trust_framework")
    value = wanted.get("value", TRUST_FRAMEWORK) if isinstance(wanted, dict) else TRUST_FRAMEWORK
    return bool(value == TRUST_FRAMEWORK)
