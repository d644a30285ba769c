"""The public face's addresses and one more, whose view does nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from etax.faces import public


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


urlpatterns: list[URLPattern | URLResolver] = [*public.urlpatterns, path("nothing/", nothing)]
handler400, handler403 = public.handler400, public.handler403
handler404, handler500 = public.handler404, public.handler500
