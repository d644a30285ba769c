"""The log in the open: anybody may check that the city only ever adds to it."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import public_page
from core import log


class SizesForm(forms.Form):
    """Two sizes of the tree, the older first."""

    old = forms.IntegerField(min_value=1)
    new = forms.IntegerField(min_value=1)


@public_page
@require_GET
def log_page(request: HttpRequest) -> HttpResponse:
    """The newest signed head, how to check it, and until when books and audit trail are in it."""
    return render(request, "openness/log.html", {"head": log.newest_head(), "coverage": log.coverage()})


@public_page
@require_GET
def heads(request: HttpRequest) -> JsonResponse:
    """The last signed head of each day, newest first."""
    return JsonResponse({"heads": [head.as_json() for head in log.daily_heads()]})


@public_page
@require_GET
def consistency(request: HttpRequest) -> JsonResponse:
    """The proof (RFC 9162, 2.1.4) that the tree of `old` leaves is the beginning of the tree of `new` leaves."""
    form = SizesForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"error": "old and new must be whole numbers of leaves"}, status=400)
    old, new = form.cleaned_data["old"], form.cleaned_data["new"]
    try:
        first, second = log.head_of_size(old), log.head_of_size(new)
        proof = log.consistency_proof(old, new)
    except (log.NoSuchHead, ValueError):
        return JsonResponse({"error": "no signed heads of these sizes, the smaller first"}, status=404)
    return JsonResponse({"old": first.as_json(), "new": second.as_json(), "proof": [node.hex() for node in proof]})
