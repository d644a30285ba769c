"""Notices of intended assessments at the levying office: written, confirmed by another officer, served, given up."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import OfficerFacts, Role, office_required, officer_of, own_file, recent_code_required
from appeals.bench_forms import ReadForm
from appeals.desk_forms import ServeForm
from appeals.notice_forms import DropForm, NoticeForm, initial_of
from appeals.notice_states import NoticeStatus
from appeals.selectors import notices
from appeals.services import notices as acts
from appeals.states import How
from appeals.views.offering import Act, Offered, offered, perform
from appeals.views.office import OPENS_BILLS
from billing.selectors.city import all_taxes, dated_tables
from core import clock
from core.errors import Refusal

LEVYING: Final = (Role.ASSESSOR, Role.COLLECTOR)
READERS: Final = (*LEVYING, Role.APPROVER, Role.COURT_CLERK)
BESIDE: Final = ("local_education", "property_urban", "local_resource")


@office_required(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Notices of this office that nothing became of yet."""
    writes = bool(officer_of(request).roles & {*LEVYING})
    context = {"notices": notices.desk(at=clock.now()), "writes": writes}
    return render(request, "appeals/office/notices.html", context)


@office_required(*LEVYING)
@recent_code_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, notice_id: int | None = None) -> HttpResponse:
    """A new notice, or one written anew before it is confirmed."""
    officer = officer_of(request)
    before = _found(notice_id) if notice_id is not None else None
    form = NoticeForm(request.POST or None, initial=initial_of(before) if before else {}, **_taxes())
    if form.is_valid():
        body = before.body_id if before else officer.body
        try:
            says = form.says(body_id=body)
            made = acts.write_notice(notice_id=notice_id, says=says, officer_id=officer.account_id, at=clock.now())
            return redirect("appeals:notice", made)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"form": form, "notice": before}
    return render(request, "appeals/office/notice_new.html", context, status=422 if form.is_bound else 200)


@office_required(*READERS)
@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    return _page(request, _found(notice_id), None)


@office_required(*LEVYING, Role.APPROVER)
@recent_code_required
@require_POST
def act(request: HttpRequest, notice_id: int) -> HttpResponse:
    found = _found(notice_id)
    refused = perform(request, _acts(officer_of(request), found))
    return redirect("appeals:notice", notice_id) if refused is None else _page(request, found, refused)


def _page(request: HttpRequest, found: notices.NoticeShown, refused: Offered | None) -> HttpResponse:
    officer = officer_of(request)
    levies = bool(officer.roles & {*LEVYING}) and not own_file(officer, found.taxpayer_id)
    context = {
        "notice": found,
        "unlinked": not officer.roles & OPENS_BILLS,
        "offered": offered(_acts(officer, found), refused),
        "act_url": reverse("appeals:act_on_notice", args=[found.id]),
        "rewrites": levies and found.status == NoticeStatus.WRITTEN,
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/notice.html", context, status=422 if refused else 200)


def _acts(officer: OfficerFacts, found: notices.NoticeShown) -> dict[str, Act]:
    """What this officer may do about it now; who may, the database decides once more."""
    if own_file(officer, found.taxpayer_id) or not (officer.of_the_city or officer.body == found.body_id):
        return {}
    offers: dict[str, Act] = {}
    levies, who, status = bool(officer.roles & {*LEVYING}), officer.account_id, found.status
    if status == NoticeStatus.WRITTEN and Role.APPROVER in officer.roles and found.written_by != who:
        offers["confirm"] = _confirm(found, who)
    if status == NoticeStatus.CONFIRMED and levies:
        offers["serve"] = _serve(found, who)
    if status in notices.HERE and levies and found.case_id is None:
        offers["drop"] = _drop(found, who)
    return offers


def _confirm(found: notices.NoticeShown, officer_id: int) -> Act:
    def confirms(said: dict[str, Any]) -> str:
        acts.confirm_notice(notice_id=found.id, sha256=said["sha256"], officer_id=officer_id, at=clock.now())
        return gettext("The notice is confirmed. The office serves it.")

    read = {"sha256": notices.notice_hash(found.id)}
    facts = {"initial": read}
    return Act(title=_("Confirm the notice"), button=_("Confirm"), work=confirms, make=ReadForm, facts=facts)


def _serve(found: notices.NoticeShown, officer_id: int) -> Act:
    def serves(said: dict[str, Any]) -> str:
        told = {**said, "how": How(said["how"])}
        acts.serve_notice(notice_id=found.id, officer_id=officer_id, at=clock.now(), **told)
        return gettext("The notice is served. Its payer is written to.")

    facts = {"initial": {"on": clock.local_date(clock.now())}}
    make: type[forms.Form] = ServeForm
    return Act(title=_("Serve the notice"), button=_("Serve the notice"), work=serves, make=make, facts=facts)


def _drop(found: notices.NoticeShown, officer_id: int) -> Act:
    def drops(said: dict[str, Any]) -> str:
        acts.drop_notice(notice_id=found.id, reason=said["reason"], officer_id=officer_id, at=clock.now())
        return gettext("The assessment is given up. No bill is issued.")

    title = _("Give the assessment up")
    return Act(title=title, button=title, work=drops, make=DropForm, danger=True)


def _found(notice_id: int) -> notices.NoticeShown:
    try:
        return notices.notice(notice_id, at=clock.now(), staff=True)
    except notices.NoSuchNotice:
        raise Http404 from None


def _taxes() -> dict[str, list[tuple[str, str]]]:
    korean = (get_language() or "ko").startswith("ko")
    names = {tax.code: tax.name_ko if korean else tax.name_en for tax in all_taxes()}
    heard = dated_tables().at("review_authority", clock.local_date(clock.now())).body
    taxes = [code for code in names if code in (*heard["city"], *heard["district"])]
    return {
        "taxes": [(code, names[code]) for code in taxes],
        "beside": [(code, names[code]) for code in BESIDE if code in names],
    }
