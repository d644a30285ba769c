"""Ties a request to its session: for Django, for the database, and for the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse

from accounts.models import Account
from accounts.sessions import SessionStore, TooManyVisitors
from core.db.session import session_secret
from core.request import RequestFacts, request_facts

Next = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware(DjangoSessionMiddleware):
    """`request.session`, `request.user`; the session's secret for row-level security; who and from where for audit."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME) or None
        session = SessionStore(key, agent=request.headers.get("User-Agent", "")[:200])
        request.session = session
        request.user = account_of(session) or AnonymousUser()
        facts = RequestFacts(
            account_id=request.user.pk,
            address=client_address(request),
            session_mark=hashlib.sha256((session.session_key or "").encode()).hexdigest()[:16],
        )
        with ExitStack() as stack:
            stack.enter_context(session_secret(session.session_key or ""))
            stack.enter_context(request_facts(facts))
            response: HttpResponse = self.get_response(request)  # type: ignore[assignment]
            try:
                return self.process_response(request, response)
            except TooManyVisitors:  # the page is good without a session, too
                return response


def account_of(session: SessionStore) -> Account | None:
    """Who is signed in, without another question to the database; None for visitors and before the one-time code."""
    if session.session_key is None or session.signed_in is None or session.signed_in.awaits_code:
        return None
    facts = session.signed_in
    account = Account(
        id=facts.account_id,
        email=facts.email,
        kind=facts.kind,
        assurance=facts.assurance,
        taxpayer_id=facts.taxpayer_id,
    )
    account._state.adding = False
    account._state.db = "default"
    return account


def client_address(request: HttpRequest) -> str:
    """The browser's address: the connection's, or what the outermost of our own proxies saw."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies][:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
