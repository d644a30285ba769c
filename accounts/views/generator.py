"""Setting up a code generator, and its backup codes."""

from __future__ import annotations

import base64
import io

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import half_signed_in, recent_code_required
from accounts.devices import remember
from accounts.forms.sign_in import FirstCodeForm
from accounts.services import second_factor
from accounts.services.sign_in import WrongCode, pass_code
from accounts.views.pages import form_page, person_of, refused, session_of, to


@require_http_methods(["GET", "POST"])
@sensitive_variables("device")
@half_signed_in
def enrol(request: HttpRequest) -> HttpResponse:
    if second_factor.has_generator():
        return to(request, "accounts:code")
    person = person_of(request)
    device = second_factor.generator_in_preparation(account=person)
    secret = base64.b32encode(device.bin_key).decode()
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    form = FirstCodeForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "enrol", secret=spaced)
    try:
        second_factor.confirm_generator(account=person, code=form.cleaned_data["code"])
        pass_code(session_of(request))
    except WrongCode as refusal:
        return form_page(request, refused(form, refusal.message), "enrol", secret=spaced)
    return remember(request, _show_codes(request))


@require_GET
@half_signed_in
def generator_image(request: HttpRequest) -> HttpResponse:
    """The QR code of the generator that is being set up."""
    if second_factor.has_generator():
        return HttpResponse(status=404)
    device = second_factor.generator_in_preparation(account=person_of(request))
    drawing = io.BytesIO()
    segno.make(device.config_url, error="m", micro=False).save(drawing, kind="svg", scale=5, border=4, light="white")
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@require_POST
@half_signed_in
@recent_code_required
def backup_codes(request: HttpRequest) -> HttpResponse:
    """Fresh backup codes in place of the old ones."""
    if session_of(request).signed_in is None or not request.user.is_authenticated:
        return to(request, "accounts:code")
    return _show_codes(request)


def _show_codes(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/backup_codes.html", {"codes": second_factor.new_backup_codes()})
