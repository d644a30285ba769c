"""Korean and English by a plain link: a cookie remembers the choice, the address stays the same."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import public_page


@dataclass(frozen=True)
class Choice:
    code: str
    name: str
    url: str


@public_page
@require_GET
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language asked for and go back; a foreign or broken `next` leads to the first page."""
    to = request.GET.get("to", "")
    back = request.GET.get("next", "/")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    if to in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            to,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def other_languages(request: HttpRequest) -> list[Choice]:
    """Links to the page at hand in every other language."""
    try:
        address = reverse("language")
    except NoReverseMatch:
        return []
    here = _page_to_return_to(request)
    return [
        Choice(code, name, f"{address}?{urlencode({'to': code, 'next': here})}")
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]


def _page_to_return_to(request: HttpRequest) -> str:
    """This page; or, where it answers a POST, the page with the form (its own address may take nothing but POST)."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc == request.get_host():
        return referer.path + (f"?{referer.query}" if referer.query else "")
    return "/"
