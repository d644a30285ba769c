"""Signing in with the mobile identity: to the provider, back, and waiting while the worker reads its answer."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public_page
from accounts.functions import ask
from accounts.identity.provider import Journey, UnableToReachProvider, begin, fetch_token
from accounts.selectors.sessions import identity_status
from accounts.views.pages import onward, session_of, waiting

KEPT = "identity"


@require_http_methods(["GET", "POST"])
@public_page
def start(request: HttpRequest) -> HttpResponse:
    """What will happen; then off to the provider."""
    if request.method == "GET":
        return render(request, "accounts/identity.html")
    url, journey = begin(language=get_language() or "ko", onward=request.GET.get("next", "")[:500])
    session = session_of(request)
    session[KEPT] = journey.kept()
    session.save()
    return HttpResponseRedirect(url)


@require_GET
@public_page
@transaction.non_atomic_requests
def callback(request: HttpRequest) -> HttpResponse:
    """The browser is back with a code. It must be the browser, the journey and the provider that we began with."""
    session = session_of(request)
    kept = session.pop(KEPT, None)
    journey = Journey(**kept) if isinstance(kept, dict) else None
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if journey is None or not hmac.compare_digest(journey.state.encode(), state.encode()):
        return _refuse(request, "strange")
    session.save()
    if request.GET.get("iss", "") != settings.IDENTITY_ISSUER:
        return _refuse(request, "strange")
    if not code:
        return _refuse(request, "declined")
    try:
        token = fetch_token(code=code, journey=journey)
    except UnableToReachProvider:
        return _refuse(request, "unreachable")
    with transaction.atomic():
        if not ask("accounts_keep_identity", token, journey.nonce):
            return _refuse(request, "strange")
        session["onward"] = journey.onward
        session.save()
    return HttpResponseRedirect(reverse("accounts:identity_wait"))


@require_GET
@public_page
def wait(request: HttpRequest) -> HttpResponse:
    """Asks again every two seconds by itself (no script needed) until the worker has decided."""
    found = identity_status()
    if found is None:
        return HttpResponseRedirect(reverse("accounts:identity"))
    if found.status == "refused":
        return _refuse(request, found.refusal)
    if found.status == "asked":
        return waiting(request)
    session = session_of(request)
    target = str(session.pop("onward", ""))
    session.save()
    session.cycle_key()
    return onward(request, target)


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "accounts/identity_refused.html", {"reason": reason}, status=422)
