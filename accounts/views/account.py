from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Assurance, account_of, citizen_required, signed_in_required
from accounts.forms.sign_in import PasswordForm
from accounts.models import Account
from accounts.selectors.joint import records_held
from accounts.selectors.sessions import my_sessions
from accounts.selectors.taxpayers import addresses_of
from accounts.services import second_factor
from accounts.services.own_password import WrongPassword, drop_generator
from accounts.services.sign_in import sign_out_elsewhere as end_sessions
from accounts.views.pages import form_page, refused
from core import clock


@require_GET
@signed_in_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: how well it is known, password, second factor, and where one is signed in."""
    person = account_of(request)
    facts = {
        "person": person,
        "assurance": Assurance(person.assurance),
        "officer": person.kind == "officer",
        "verified": person.assurance >= Assurance.IDENTITY,
        "generator": second_factor.has_generator(),
        "codes_left": second_factor.backup_codes_left(),
        "sessions": my_sessions(),
    }
    if person.kind == Account.Kind.CITIZEN and person.taxpayer_id is not None:
        facts["addresses"] = addresses_of(person.taxpayer_id)
        facts["held"] = records_held(agent_id=person.taxpayer_id, at=clock.now())
    return render(request, "accounts/account.html", facts)


@require_POST
@signed_in_required
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("session", "")
    end_sessions(session_id=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None)
    messages.success(request, gettext("You are signed out there."))
    return HttpResponseRedirect(reverse("accounts:account"))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("present")
@citizen_required()
def turn_off_generator(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "turn_off_generator")
    try:
        drop_generator(request, present=form.cleaned_data["present"])
    except WrongPassword as refusal:
        return form_page(request, refused(form, refusal.message), "turn_off_generator")
    messages.success(request, gettext("One-time codes are turned off."))
    return HttpResponseRedirect(reverse("accounts:account"))
