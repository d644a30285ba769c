from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import half_signed_in, public_page
from accounts.devices import remember
from accounts.forms.sign_in import CodeForm, SignInForm
from accounts.services import second_factor
from accounts.services.sign_in import TooManyTries, WrongCode, WrongEmailOrPassword, pass_code
from accounts.services.sign_in import sign_in as sign_in_with_password
from accounts.services.sign_in import sign_out as end_session
from accounts.views.pages import form_page, onward, person_of, refused, session_of, to


@transaction.non_atomic_requests  # what was tried is committed and counted before it is answered
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@public_page
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "sign_in")
    try:
        step = sign_in_with_password(request, **form.cleaned_data)
    except (WrongEmailOrPassword, TooManyTries) as refusal:
        return form_page(request, refused(form, refusal.message), "sign_in")
    if step == "open":
        return remember(request, onward(request))
    return to(request, "accounts:code" if step == "code" else "accounts:enrol")


@require_http_methods(["GET", "POST"])
@half_signed_in
def code(request: HttpRequest) -> HttpResponse:
    """After the password, and again before a dangerous act."""
    person = person_of(request)
    if not second_factor.has_generator():
        return to(request, "accounts:enrol")
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "code")
    try:
        second_factor.check_code(account_id=person.pk, code=form.cleaned_data["code"])
        pass_code(session_of(request))
    except WrongCode as refusal:
        return form_page(request, refused(form, refusal.message), "code")
    return remember(request, onward(request))


@require_POST
@public_page
def sign_out(request: HttpRequest) -> HttpResponse:
    end_session(session_of(request))
    return HttpResponseRedirect("/")


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """What django-axes answers with when somebody has tried too often."""
    return render(request, "accounts/locked_out.html", status=429)
