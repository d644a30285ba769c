"""Pages that go wrong, for tests: each as a view of some app might."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from core.errors import Refusal
from etax.faces import public


def too_often(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": "60"})


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("a reason that is nobody's business")


def damaged(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("a reason that is nobody's business")


def declined(request: HttpRequest) -> HttpResponse:
    raise Refusal("This bill is paid. <Keep> the receipt.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the house")


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [
    *public.urlpatterns,
    path("too-often", too_often),
    path("forbidden", forbidden),
    path("damaged", damaged),
    path("declined", declined),
    path("broken", broken),
    path("only-post", only_post),
]
handler400, handler403 = public.handler400, public.handler403
handler404, handler500 = public.handler404, public.handler500
