"""What changes in a taxpayer's record: address, death and heirs, co-owners. Never one's own or a relative's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, office_required, officer_of, recent_code_required, refuse_own_file
from accounts.forms.records import AddressForm, DeathForm, HeirForm, OwnersForm
from accounts.selectors.joint import shares_about
from accounts.selectors.taxpayers import TaxpayerFacts, taxpayer_facts
from accounts.services.addresses import AddressToCome, move_address
from accounts.services.deaths import record_death, record_heir
from accounts.services.joint_owners import Part, change_joint_owners, record_joint_owners
from accounts.views.office.people import CLERKS
from accounts.views.pages import form_page, refused
from core import clock
from core.errors import Refusal


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
def address(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    person = _taxpayer(request, taxpayer_id)
    form = AddressForm(request.POST or None)

    def move() -> int:
        if form.cleaned_data["starts_on"] > clock.local_date(clock.now()):
            raise AddressToCome
        move_address(taxpayer_id=taxpayer_id, **form.cleaned_data, actor_id=account_of(request).pk)
        return taxpayer_id

    return _change(request, form, "address", move, gettext("The new address is recorded."), taxpayer=person)


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
@recent_code_required
def death(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    person = _taxpayer(request, taxpayer_id)
    form = DeathForm(request.POST or None, initial={"died_on": person.died_on})

    def record() -> int:
        record_death(taxpayer_id=taxpayer_id, **form.cleaned_data, actor_id=account_of(request).pk, at=clock.now())
        return taxpayer_id

    return _change(request, form, "death", record, gettext("The record is changed."), taxpayer=person)


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
@recent_code_required
def heir(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    person = _taxpayer(request, taxpayer_id)
    form = HeirForm(request.POST or None)

    def record() -> int:
        refuse_own_file(officer_of(request), form.cleaned_data["heir_id"])
        record_heir(deceased_id=taxpayer_id, **form.cleaned_data, actor_id=account_of(request).pk)
        return taxpayer_id

    return _change(request, form, "heir", record, gettext("The heir is recorded."), taxpayer=person)


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
def joint(request: HttpRequest) -> HttpResponse:
    """A new joint record (공유)."""
    form = OwnersForm(request.POST or None, initial={"owners": request.GET.get("taxpayer", "")[:20]})

    def record() -> int:
        _refuse_own(request, form.cleaned_data["owners"])
        return record_joint_owners(**_owners(form), actor_id=account_of(request).pk)

    return _change(request, form, "joint", record, gettext("The joint record is open."))


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
def owners(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    """Other co-owners or shares of a joint record."""
    person = _taxpayer(request, taxpayer_id)
    present = [share for share in shares_about(taxpayer_id) if share.joint == taxpayer_id and share.ends_on is None]
    if person.kind != "joint":
        raise Http404
    lines = "\n".join(f"{share.owner} {share.part}" for share in present)
    form = OwnersForm(request.POST or None, initial={"owners": lines})

    def change() -> int:
        _refuse_own(request, [*form.cleaned_data["owners"], *(Part(share.owner) for share in present)])
        change_joint_owners(joint_id=taxpayer_id, **_owners(form), actor_id=account_of(request).pk, at=clock.now())
        return taxpayer_id

    return _change(request, form, "joint", change, gettext("The shares are recorded."), taxpayer=person)


def _change(
    request: HttpRequest, form: Form, template: str, change: Callable[[], int], done: str, **facts: Any
) -> HttpResponse:
    """Show the form until it is right, make the change, and go to the record it was made in."""
    if not form.is_valid():
        return form_page(request, form, f"office/{template}", **facts)
    try:
        taxpayer_id = change()
    except Refusal as refusal:
        return form_page(request, refused(form, refusal.message), f"office/{template}", **facts)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("accounts:taxpayer", args=[taxpayer_id]))


def _owners(form: OwnersForm) -> dict[str, Any]:
    asked = form.cleaned_data
    return {"parts": asked["owners"], "starts_on": asked["starts_on"], "reason": asked["reason"]}


def _refuse_own(request: HttpRequest, parts: list[Part]) -> None:
    for part in parts:
        refuse_own_file(officer_of(request), part.owner_id)


def _taxpayer(request: HttpRequest, taxpayer_id: int) -> TaxpayerFacts:
    found = taxpayer_facts([taxpayer_id]).get(taxpayer_id)
    if found is None:
        raise Http404
    refuse_own_file(officer_of(request), taxpayer_id)
    return found
