"""Error pages: they say what happened and what to do, and keep nothing else. Wired as handler400 … handler500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from core.errors import Refusal

LARGEST_ID: Final = 2**63 - 1
TEMPLATES = {405: "errors/405.html", 429: "errors/429.html"}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without session, database or context processors: any of them may be what failed."""
    return HttpResponse(loader.render_to_string("errors/500.html"), status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the token is missing or old. Nothing that was sent has been done."""
    return render(request, "errors/form-expired.html", {"back": request.path}, status=403)


class EmptyAnswerMiddleware:
    """Gives a page to refusals that come without one: a wrong method, too many tries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        template = TEMPLATES.get(response.status_code)
        if template is None or response.streaming or response.content or not request.accepts("text/html"):
            return response
        page = render(request, template, status=response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return page


class RefusalMiddleware:
    """What a use case declines and the view doesn't answer itself becomes a page with its reason, never a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "errors/refusal.html", {"reason": exception.message}, status=409)


class PossibleAddressMiddleware:
    """An address whose number no row can have, or with a NUL in it, leads nowhere: the database is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        for value in kwargs.values():
            if (isinstance(value, int) and value > LARGEST_ID) or (isinstance(value, str) and "\x00" in value):
                raise Http404
