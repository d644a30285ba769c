"""Draws of the court in the open: what was fixed, bound and told, and how anybody repeats it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import public_page
from appeals.selectors import draws as reads


@public_page
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """Every draw, newest first, and how it is done."""
    return render(request, "appeals/draws.html", {"draws": reads.draws()})


@public_page
@require_GET
def draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    found = reads.draw_shown(draw_id)
    if found is None:
        raise Http404
    return render(request, "appeals/draw.html", {"draw": found})


@public_page
@require_GET
def draw_file(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Everything that repeating it needs; there is none before it was told."""
    found = reads.record_of(draw_id)
    if found is None:
        raise Http404
    response = JsonResponse(found, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
    return response
