"""Powers of attorney and other authorities, recorded at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Role, account_of, office_required, officer_of, refuse_own_file
from accounts.forms.office import AuthorityForm, ReasonForm
from accounts.selectors.joint import shares_about
from accounts.selectors.taxpayers import addresses_of, authorities_about, taxpayer_facts
from accounts.services.authorities import record_authority, revoke_authority
from accounts.views.pages import form_page, refused
from core import audit, clock
from core.errors import Refusal

CLERKS = (Role.ASSESSOR, Role.COLLECTOR)
KIND_LABELS = {
    "individual": gettext_lazy("Person"),
    "foreigner": gettext_lazy("Foreigner"),
    "business": gettext_lazy("Business"),
    "joint": gettext_lazy("Joint record of co-owners"),
}


@require_GET
@office_required(*CLERKS, Role.AUDITOR)
def taxpayer(request: HttpRequest, taxpayer_id: int) -> HttpResponse:
    """A taxpayer's record: addresses, and who may act for whom. Looking at it is audited."""
    found = taxpayer_facts([taxpayer_id]).get(taxpayer_id)
    if found is None:
        raise Http404
    refuse_own_file(officer_of(request), taxpayer_id)
    audit.record(action="accounts.record_read", subject=f"taxpayer:{taxpayer_id}", taxpayer_id=taxpayer_id)
    facts = {
        "taxpayer": found,
        "clerk": not officer_of(request).roles.isdisjoint(CLERKS),
        "kind": KIND_LABELS[found.kind],
        "addresses": addresses_of(taxpayer_id),
        "shares": shares_about(taxpayer_id),
        "authorities": authorities_about(taxpayer_id, at=clock.now()),
    }
    return render(request, "accounts/office/taxpayer.html", facts)


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
def record(request: HttpRequest) -> HttpResponse:
    form = AuthorityForm(request.POST or None, initial={"principal_id": request.GET.get("taxpayer", "")[:20]})
    if not form.is_valid():
        return form_page(request, form, "office/authority")
    principal = form.cleaned_data["principal_id"]
    try:
        if not taxpayer_facts([principal]):
            form.add_error("principal_id", gettext("There is no such record."))
            return form_page(request, form, "office/authority")
        refuse_own_file(officer_of(request), principal)
        record_authority(**form.cleaned_data, actor_id=account_of(request).pk)
    except Refusal as refusal:
        return form_page(request, refused(form, refusal.message), "office/authority")
    messages.success(request, gettext("The authority is recorded."))
    return HttpResponseRedirect(reverse("accounts:taxpayer", args=[principal]))


@require_http_methods(["GET", "POST"])
@office_required(*CLERKS)
def revoke(request: HttpRequest, taxpayer_id: int, authority_id: int) -> HttpResponse:
    known = authorities_about(taxpayer_id, at=clock.now())
    authority = next((row for row in known if row.id == authority_id), None)
    if authority is None:
        raise Http404
    for concerned in (authority.principal, authority.agent):
        refuse_own_file(officer_of(request), concerned)
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, form, "office/revoke", authority=authority)
    revoke_authority(
        authority_id=authority_id,
        reason=form.cleaned_data["reason"],
        actor_id=account_of(request).pk,
        at=clock.now(),
    )
    messages.success(request, gettext("The authority has ended."))
    return HttpResponseRedirect(reverse("accounts:taxpayer", args=[taxpayer_id]))
