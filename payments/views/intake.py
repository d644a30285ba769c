"""Where gateways' notifications arrive."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import intake_endpoint
from core import clock
from payments.gateways.registry import UnknownGateway
from payments.services import take_notification
from payments.services.take_notification import MOST_BYTES
from payments.states import Verdict

NOT_KEPT = frozenset({"authorization", "cookie"})


@intake_endpoint
@require_POST
def callback(request: HttpRequest, gateway: str) -> HttpResponse:
    """Store, then judge. 401: the origin is not proved. 200: it is stored and will not be forgotten.

    A body in pieces, whose length nobody says before it is there, is answered 411 and not read.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return _answer(411)
    if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > MOST_BYTES:
        return _answer(413)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _answer(413)
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() not in NOT_KEPT}
    try:
        verdict = take_notification(gateway=gateway, body=body, headers=headers, at=clock.now())
    except UnknownGateway:
        return _answer(404)
    return _answer(401 if verdict == Verdict.REFUSED else 200)


def _answer(status: int) -> HttpResponse:
    """No body; said so, since a server that can't know would send it in pieces."""
    return HttpResponse(status=status, headers={"Content-Length": "0"})
