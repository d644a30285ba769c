"""The identity provider put together."""

from __future__ import annotations

from argparse import Namespace

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import store, web
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.identity import clients, codes, people, tokens
from sandbox.identity.pages import AuthorizePages
from sandbox.identity.provider import Provider
from sandbox.identity.requests import CLAIMS, TRUST_FRAMEWORK
from sandbox.identity.token_endpoint import TokenEndpoint
from sandbox.serve import base_url, free_port, serve
from sandbox.web import fault_routes

FAULTS = ("http_500", "slow", "lost_answer", *tokens.TOKEN_FAULTS)


def run(options: Namespace) -> None:
    known, invented = clients.read(options.clients), people.read(options.people)
    lock = store.lock(directory=options.store, name="identity")
    port = free_port(host=options.host, port=options.port)
    base = base_url(host=options.host, port=port)
    db = store.connect(path=options.store / "identity.sqlite3", schema=codes.SCHEMA)
    provider = Provider(
        db=db,
        issuer=(options.public_url or base).rstrip("/"),
        clock=Clock(db),
        faults=Faults(FAULTS),
        clients=known,
        people=invented,
        keys=tokens.load_keys(options.store / "identity-keys.json"),
    )

    def finish() -> None:
        db.close()
        lock.close()

    serve(app=application(provider), host=options.host, port=port, ready=f"ready {base}", finish=finish)


def application(provider: Provider) -> Starlette:
    async def discovery(_: Request) -> Response:
        return JSONResponse(metadata(provider.issuer))

    async def jwks(_: Request) -> Response:
        return JSONResponse(provider.keys.public())

    return web.application(
        [
            Route("/.well-known/openid-configuration", discovery),
            Route("/jwks", jwks),
            Route("/token", TokenEndpoint(provider).serve, methods=["POST"]),
            *AuthorizePages(provider).routes(),
            *fault_routes(provider.faults),
        ],
    )


def metadata(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "scopes_supported": ["openid", "identity"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "id_token_encryption_alg_values_supported": ["RSA-OAEP-256", "ECDH-ES"],
        "id_token_encryption_enc_values_supported": ["A256GCM"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": True,
        "verified_claims_supported": True,
        "trust_frameworks_supported": [TRUST_FRAMEWORK],
        "claims_in_verified_claims_supported": list(CLAIMS),
        "acr_values_supported": [TRUST_FRAMEWORK],
        "ui_locales_supported": ["ko", "en"],
    }
