"""`/healthz` and `/readyz` of every face, answered before anything else looks at the request.

`/healthz`: the process answers. `/readyz`: it also reaches its database as its own role, so a load balancer may send
people to it. Both come first in `MIDDLEWARE`: a probe by address passes no host check, opens no transaction and is not
logged, and neither answer says more than a word.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

log = structlog.get_logger(__name__)


class Health:
    """Middleware that answers the two probes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return _answer(200, "ok")
        if request.path_info == "/readyz":
            return _readiness()
        return self.get_response(request)


def _readiness() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("readyz.database", reason=type(error).__name__)
        connection.close()
        return _answer(503, "database")
    connection.close_if_unusable_or_obsolete()
    return _answer(200, "ok")


def _answer(status: int, word: str) -> HttpResponse:
    return JsonResponse({"status": word}, status=status, headers={"Cache-Control": "no-store"})
