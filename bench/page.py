"""A taxpayer's page of bills, beside a view that does nothing, both through the public face's whole handler.

Run as a process (`bench.workers`) with the public face's settings and login.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from bench.city import payer_with_bills
from bench.figures import Figure
from bench.issue import DISTRICTS
from bench.place import Place
from bench.workers import serve, worker

ROUNDS = 20
A_ROUND = 20


def figure(place: Place) -> Figure:
    email, proof = payer_with_bills(place, districts=DISTRICTS)
    with place.address.connect() as admin:
        admin.execute("VACUUM ANALYZE billing_bill, billing_billline")
    with worker(place, "bench.page", face="public") as visitor:
        seconds = visitor.ask(do="measure", email=email, proof=proof)
    looks = ROUNDS * A_ROUND
    return Figure("my_bills_page_vs_trivial", looks / seconds["page"], "pages/s", looks / seconds["nothing"])


def use_an_address_more() -> None:
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.page_urls"


def measure(*, email: str, proof: str) -> dict[str, float]:
    """Sign in as the login does, then look at both in turn; seconds of each."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test import RequestFactory

    secret = secrets.token_urlsafe(32)
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_offer_proof(%s, %s, '')", [email, proof])
        (offer,) = cursor.fetchone()
        opening = "SELECT accounts_open_session(%s, %s, %s, '', %s, '', '')"
        cursor.execute(opening, [offer, email, proof, secret])
    application: Callable[..., Any] = get_wsgi_application()
    visitor = RequestFactory()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = secret
    seconds = {"page": 0.0, "nothing": 0.0}
    for turn in range(ROUNDS + 1):
        for name, path in (("page", "/bills/"), ("nothing", "/nothing/")):
            started = time.perf_counter()
            for _ in range(A_ROUND):
                _look(application, visitor.get(path).environ)
            if turn:  # the first is for what is done once
                seconds[name] += time.perf_counter() - started
    return seconds


def _look(application: Callable[..., Any], environ: dict[str, Any]) -> None:
    answer = application(environ, lambda *_: None)
    content = b"".join(answer)
    answer.close()
    assert answer.status_code == 200, answer.status_code
    if environ["PATH_INFO"] == "/bills/":
        assert content.count(b"<tr>") == 21, content.count(b"<tr>")


if __name__ == "__main__":
    serve({"measure": measure}, prepare=use_an_address_more)
