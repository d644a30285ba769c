"""Seals of a case: asked for by a side, decided by the court, at one page for each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import (
    Assurance,
    Role,
    citizen_required,
    office_required,
    officer_of,
    own_file,
    recent_code_required,
)
from appeals import seal_forms as forms
from appeals.seal_states import SealGround
from appeals.selectors import seals
from appeals.selectors.facts import CaseDetail
from appeals.services import sealing
from appeals.states import Side
from appeals.views.petition import found_case
from core.acting import carried_out

COURT = (Role.COURT_CLERK, Role.CHAIR)
LEVYING = (Role.ASSESSOR, Role.COLLECTOR)


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """The petitioner asks the court to seal the case, a file of theirs, or a line that they wrote."""
    found = _filed(case_id)
    things = seals.sealable(case_id, side=Side.PETITIONER)
    form = forms.AskSealForm(request.POST or None, things=[(one.key, one.label) for one in things])

    def asks(at: datetime) -> None:
        sealing.ask_seal(thing=form.thing(case_id), reason=form.cleaned_data["reason"], at=at)

    if request.method == "POST" and carried_out(request, form, asks, told=gettext("The court is asked to seal it.")):
        return redirect("appeals:ask_seal", case_id)
    context = {"case": found, "form": form, "seals": seals.seals_of(case_id, staff=False)}
    return render(request, "appeals/seal.html", context, status=422 if form.is_bound else 200)


@office_required(*COURT, *LEVYING)
@require_GET
def seals_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """What is sealed or asked for, with what the officer may do about it."""
    return _page(request, _filed(case_id))


@office_required(*COURT)
@recent_code_required
@require_POST
def seal(request: HttpRequest, case_id: int) -> HttpResponse:
    """Of the court's own motion, or because it was asked."""
    found = _filed(case_id)
    form = _seal_form(case_id, request.POST)

    def does(officer_id: int, at: datetime) -> None:
        said = form.cleaned_data
        ground = SealGround(said["ground"])
        sealing.seal(thing=form.thing(case_id), ground=ground, because=said["because"], officer_id=officer_id, at=at)

    return _act(request, found, form, does, told=gettext("It is sealed. The docket gives the article."), seal=form)


@office_required(*LEVYING)
@recent_code_required
@require_POST
def ask_own(request: HttpRequest, case_id: int) -> HttpResponse:
    """The levying office asks for its own file or line."""
    found = _filed(case_id)
    form = _ask_form(case_id, request.POST)

    def does(_officer: int, at: datetime) -> None:
        sealing.ask_seal(thing=form.thing(case_id), reason=form.cleaned_data["reason"], at=at)

    return _act(request, found, form, does, told=gettext("The court is asked to seal it."), ask=form)


@office_required(*COURT)
@recent_code_required
@require_POST
def unseal(request: HttpRequest, case_id: int, seal_id: int) -> HttpResponse:
    """Refuse a request, or open a seal again."""
    found = _filed(case_id)
    form = forms.OpenSealForm(request.POST, auto_id=f"open_{seal_id}_%s")

    def does(officer_id: int, at: datetime) -> None:
        because = form.cleaned_data["because"]
        sealing.unseal(seal_id=seal_id, case_id=case_id, because=because, officer_id=officer_id, at=at)

    return _act(request, found, form, does, told=gettext("Done. Both sides read it in the docket."), seal_id=seal_id)


@office_required(*COURT)
@recent_code_required
@require_POST
def reader(request: HttpRequest, case_id: int, seal_id: int) -> HttpResponse:
    """Name an officer of the levying office, who then reads what is sealed."""
    found = _filed(case_id)
    form = _reader_form(case_id, seal_id, request.POST)

    def does(officer_id: int, at: datetime) -> None:
        named = form.cleaned_data["reader"]
        sealing.name_reader(seal_id=seal_id, case_id=case_id, reader_id=named, officer_id=officer_id, at=at)

    return _act(request, found, form, does, told=gettext("The officer reads it from now on."), seal_id=seal_id)


def _filed(case_id: int) -> CaseDetail:
    found = found_case(case_id)
    if found.draft:
        raise Http404
    return found


def _act(
    request: HttpRequest,
    found: CaseDetail,
    form: Form,
    work: Callable[[int, datetime], None],
    *,
    told: str,
    seal: Form | None = None,
    ask: Form | None = None,
    seal_id: int | None = None,
) -> HttpResponse:
    officer_id = officer_of(request).account_id
    if carried_out(request, form, lambda at: work(officer_id, at), told=told):
        return redirect("appeals:seals", found.summary.id)
    return _page(request, found, seal=seal, ask=ask, refused={seal_id: form} if seal_id else {}, form=form)


def _page(
    request: HttpRequest,
    found: CaseDetail,
    *,
    seal: Form | None = None,
    ask: Form | None = None,
    refused: dict[int, Form] | None = None,
    form: Form | None = None,
) -> HttpResponse:
    officer, case_id = officer_of(request), found.summary.id
    own = own_file(officer, found.taxpayer_id)
    hears = not own and bool(officer.roles & {*COURT}) and (officer.of_the_city or officer.body == found.authority)
    rows = [
        {
            "one": one,
            "open": _bound(refused, one.id, forms.OpenSealForm) or forms.OpenSealForm(auto_id=f"open_{one.id}_%s"),
            "reader": _bound(refused, one.id, forms.ReaderForm) or _reader_form(case_id, one.id, None),
        }
        for one in seals.seals_of(case_id, staff=True)
    ]
    context = {
        "case": found,
        "rows": rows,
        "hears": hears,
        "seal_form": (seal or _seal_form(case_id, None)) if hears else None,
        "ask_form": (ask or _ask_form(case_id, None)) if not own and officer.roles & {*LEVYING} else None,
        "form": form,
    }
    return render(request, "appeals/office/seals.html", context, status=422 if form is not None else 200)


def _bound(refused: dict[int, Form] | None, seal_id: int, kind: type[Form]) -> Form | None:
    form = (refused or {}).get(seal_id)
    return form if isinstance(form, kind) else None


def _seal_form(case_id: int, data: object) -> forms.SealForm:
    return forms.SealForm(data, things=_choices(case_id), auto_id="seal_%s")


def _ask_form(case_id: int, data: object) -> forms.AskOwnSealForm:
    return forms.AskOwnSealForm(data, things=_choices(case_id, side=Side.OFFICE), auto_id="ask_%s")


def _reader_form(case_id: int, seal_id: int, data: object) -> forms.ReaderForm:
    return forms.ReaderForm(data, officers=seals.readers_for(case_id), auto_id=f"reader_{seal_id}_%s")


def _choices(case_id: int, *, side: str = "") -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in seals.sealable(case_id, side=side)]
