"""What the views of this app share: the one-form page, and where to go afterwards."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Account
from accounts.sessions import SessionStore


def form_page(request: HttpRequest, form: Form, template: str, **more: Any) -> HttpResponse:
    """A page around one form; 422 where the form was sent and is not right."""
    status = 422 if form.is_bound else 200
    return render(request, f"accounts/{template}.html", {"form": form, **more}, status=status)


def refused(form: Form, reason: object) -> Form:
    """Show a use case's refusal as an error of the form."""
    form.add_error(None, str(reason))
    return form


def onward(request: HttpRequest, target: str = "") -> HttpResponse:
    """To the page that was asked for before signing in, or to the first page of one's own."""
    target = target or request.GET.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return HttpResponseRedirect(target)
    for name in ("portal:my_page", "desk:home", "accounts:account"):
        try:
            return HttpResponseRedirect(reverse(name))
        except NoReverseMatch:
            continue
    return HttpResponseRedirect("/")


def waiting(request: HttpRequest) -> HttpResponse:
    """A page that asks again by itself every two seconds, without a script."""
    response = render(request, "accounts/wait.html")
    response.headers["Refresh"] = "2"
    return response


def to(request: HttpRequest, name: str) -> HttpResponse:
    """To another step of signing in, keeping what was asked for."""
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{reverse(name)}?{query}" if query else reverse(name))


def session_of(request: HttpRequest) -> SessionStore:
    session = request.session
    assert isinstance(session, SessionStore)  # noqa: S101 (SESSION_ENGINE says so)
    return session


def person_of(request: HttpRequest) -> Account:
    """The account of a session that may still wait for a one-time code (behind `half_signed_in`)."""
    facts = session_of(request).signed_in
    assert facts is not None  # noqa: S101 (the decorator saw to it)
    return Account(id=facts.account_id, email=facts.email, kind=facts.kind, assurance=facts.assurance)
