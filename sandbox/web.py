"""What the three web servers share: JSON in and out, errors, pages with a strict policy, loopback-only paths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from sandbox import fields
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.pauses import pause
from sandbox.texts import translate

BODY_LIMIT = 64 * 1024
# Evidence is files.
LARGER = ("/v1/chargebacks/", 8 * 1024 * 1024)
HERE = Path(__file__).parent
# For a machine without a Korean font, if the set-up of the checkout has brought one.
KOREAN_FONT = HERE.parent / "node_modules/@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf"
LANGUAGES = ("ko", "en")
_pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)

Endpoint = Callable[[Request], Awaitable[Response]]


class BrokenAnswer(Response):
    """Promises a body and breaks the connection in the middle of it: the caller cannot know what happened."""

    def __init__(self, after: float = 0) -> None:
        super().__init__()
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await pause(self._after)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def language_of(request: Request, *, fallback: str = "ko") -> str:
    """The query's choice, then the browser's, then the fallback."""
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    spoken = request.headers.get("accept-language", "")[:2].lower()
    return spoken if spoken in LANGUAGES else fallback


async def read_json(request: Request, *, optional: bool = False) -> dict[str, Any]:
    raw = await request.body()
    if not raw and optional:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError("UNSUPPORTED_MEDIA_TYPE")
    return fields.parse_object(raw)


async def read_form(request: Request) -> dict[str, str]:
    """Plain form fields; the last of a repeated one counts. Other kinds of form are none of ours: nothing is read."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return {}
    async with request.form(max_fields=50) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def page(
    name: str, *, language: str, status: int = 200, form_targets: Sequence[str] = (), **facts: object
) -> HTMLResponse:
    """A page. `form_targets` are addresses to which a form's answer may redirect: browsers hold that to the policy."""
    facts |= {"language": language, "t": lambda source: translate(source, language)}
    targets = " ".join(["'self'", *(origin(target) for target in form_targets)])
    policy = (
        "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {targets}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(_pages.get_template(name).render(facts), status_code=status, headers=headers)


def origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def with_query(address: str, **values: str) -> str:
    """The address with parameters added to those it has."""
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))


def see_other(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


class BodyLimit:
    """413 as JSON, for bodies that say their size and for those that do not."""

    def __init__(self, app: ASGIApp) -> None:
        self._limited = RequestBodyLimitMiddleware(app, BODY_LIMIT)
        self._larger = RequestBodyLimitMiddleware(app, LARGER[1])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = dict(scope["headers"]).get(b"content-length", b"0") if scope["type"] == "http" else b"0"
        larger = scope["type"] == "http" and scope["path"].startswith(LARGER[0])
        if declared.isdigit() and int(declared[:20]) > (LARGER[1] if larger else BODY_LIMIT):
            request = Request(scope, receive)
            answer = await api_error(request, ApiError("REQUEST_TOO_LARGE"))
            answer.headers["Connection"] = "close"  # the body is not read, so nothing can follow it
            await answer(scope, receive, send)
        else:
            await (self._larger if larger else self._limited)(scope, receive, send)


def loopback_only(endpoint: Endpoint) -> Endpoint:
    async def guarded(request: Request) -> Response:
        if request.client is None or request.client.host not in ("127.0.0.1", "::1"):
            raise ApiError("NOT_FOUND")
        return await endpoint(request)

    return guarded


def fault_routes(faults: Faults) -> list[BaseRoute]:
    @loopback_only
    async def every(request: Request) -> Response:
        if request.method == "POST":
            return JSONResponse(faults.add(await read_json(request)), status_code=201)
        if request.method == "DELETE":
            faults.remove()
            return Response(status_code=204)
        return JSONResponse(faults.listed())

    @loopback_only
    async def one(request: Request) -> Response:
        faults.remove(request.path_params["fault_id"])
        return Response(status_code=204)

    return [
        Route("/sandbox/faults", every, methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/faults/{fault_id:int}", one, methods=["DELETE"]),
    ]


def common_routes() -> list[BaseRoute]:
    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def korean(_: Request) -> Response:
        if not KOREAN_FONT.exists():
            raise ApiError("NOT_FOUND")
        return FileResponse(KOREAN_FONT, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})

    return [
        Route("/healthz", healthz),
        Route("/fonts/korean.ttf", korean),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - Starlette's signature is wider than what it calls us with
    return JSONResponse(error.body(language_of(request, fallback="en")), status_code=error.status)


async def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    codes = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "REQUEST_TOO_LARGE"}
    return await api_error(request, ApiError(codes.get(error.status_code, "INVALID_REQUEST")))


async def crash(request: Request, error: Exception) -> Response:
    """Starlette logs the traceback after this answer."""
    return await api_error(request, ApiError("PROVIDER_ERROR"))


EXCEPTION_HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    ApiError: api_error,
    HTTPException: http_error,
    Exception: crash,
}


def application(routes: Sequence[BaseRoute], *, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    return Starlette(
        routes=[*routes, *common_routes()],
        middleware=[Middleware(BodyLimit)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
