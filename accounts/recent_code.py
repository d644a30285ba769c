"""A one-time code asked again before a dangerous act, without losing the form that was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.forms.sign_in import RecentCodeForm
from accounts.models import Account
from accounts.services.second_factor import check_code
from accounts.services.sign_in import WrongCode, pass_code
from accounts.sessions import SessionStore, SignedIn
from core import clock

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
# How long a one-time code is good for dangerous acts.
FRESH: Final = timedelta(minutes=10)
NOT_CARRIED: Final = frozenset({"csrfmiddlewaretoken", "one_time_code"})


def recent_code_required(view: View[P]) -> View[P]:
    """Stands below `office_required` or `citizen_required`: asks for a one-time code again before a dangerous act.

    Citizens without a code generator pass. A form that was sent waits on the page that asks, and is done with the right
    code; one with files has to be sent again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = signed_in_of(request)
        if person is None or not _needs_code(person):
            return view(request, *args, **kwargs)
        if request.method != "POST" or request.FILES or person.awaits_code:
            return to_page("accounts:code", request)
        form = RecentCodeForm(request.POST if "one_time_code" in request.POST else None)
        if form.is_valid():
            try:
                check_code(account_id=person.account_id, code=form.cleaned_data["one_time_code"])
                pass_code(_session_of(request))
            except WrongCode as refusal:
                form.add_error("one_time_code", str(refusal.message))
            else:
                return view(request, *args, **kwargs)
        waiting = [
            (name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values
        ]
        page = {"form": form, "waiting": waiting}
        return render(request, "accounts/code_again.html", page, status=422 if form.is_bound else 403)

    guarded.fresh_code = True  # type: ignore[attr-defined]
    return guarded


def signed_in_of(request: HttpRequest) -> SignedIn | None:
    """Who the request's session speaks for."""
    session = getattr(request, "session", None)
    return session.signed_in if isinstance(session, SessionStore) and session.session_key else None


def to_page(name: str, request: HttpRequest) -> HttpResponseRedirect:
    """To a page of signing in that leads back to where the request came from."""
    back = request.get_full_path() if request.method == "GET" else _page_of_the_form(request)
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': back})}" if back else reverse(name))


def _needs_code(person: SignedIn) -> bool:
    has_generator = person.kind == Account.Kind.OFFICER or person.code_at is not None
    fresh = person.code_at is not None and clock.now() - person.code_at < FRESH
    return has_generator and not fresh


def _session_of(request: HttpRequest) -> SessionStore:
    if not isinstance(request.session, SessionStore):
        raise TypeError("SESSION_ENGINE is not accounts.sessions")
    return request.session


def _page_of_the_form(request: HttpRequest) -> str:
    """Where a form that was sent stands, if on this site."""
    referer = urlsplit(request.headers.get("Referer", ""))
    return referer.path if referer.netloc == request.get_host() else ""
