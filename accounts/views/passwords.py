from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import public_page, signed_in_required
from accounts.forms.sign_in import ChangePasswordForm, EmailForm, NewPasswordForm
from accounts.selectors.links import link_email
from accounts.services.links import LinkIsOver, ask_for_link, set_password
from accounts.services.own_password import WrongPassword, change_password
from accounts.views.pages import form_page, refused


@require_http_methods(["GET", "POST"])
@public_page
def sign_up(request: HttpRequest) -> HttpResponse:
    return _ask(request, "sign_up")


@require_http_methods(["GET", "POST"])
@public_page
def forgotten(request: HttpRequest) -> HttpResponse:
    return _ask(request, "forgotten")


def _ask(request: HttpRequest, template: str) -> HttpResponse:
    form = EmailForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, template)
    ask_for_link(email=form.cleaned_data["email"])
    return render(request, "accounts/link_sent.html", {"email": form.cleaned_data["email"]})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "again")
@public_page
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a mail. Looking at it uses nothing up."""
    email = link_email(token=token)
    if email is None:
        return render(request, "accounts/link_over.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "choose_password", email=email)
    try:
        set_password(token=token, password=form.cleaned_data["password"])
    except LinkIsOver:
        return render(request, "accounts/link_over.html", status=410)
    messages.success(request, gettext("Your password is set. Sign in with it."))
    return HttpResponseRedirect(reverse("accounts:sign_in"))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("present", "password", "again")
@signed_in_required
def change(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "change_password")
    try:
        change_password(request, present=form.cleaned_data["present"], fresh=form.cleaned_data["password"])
    except WrongPassword as refusal:
        return form_page(request, refused(form, refusal.message), "change_password")
    messages.success(request, gettext("Your password is changed. You are signed out everywhere else."))
    return HttpResponseRedirect(reverse("accounts:account"))
