"""One line per request: the route's pattern instead of the path, so that no number or token of an address is kept."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("etax.requests")
GIVEN_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADER: Final = "X-Request-Id"


class RequestLog:
    """Middleware. A proxy's `X-Request-Id` is kept, so that a line here can be found from a line there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get(HEADER, "")
        request_id = given if GIVEN_ID.fullmatch(given) else str(uuid.uuid4())
        with structlog.contextvars.bound_contextvars(request=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.route if match else "(none)",
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        response[HEADER] = request_id
        return response
