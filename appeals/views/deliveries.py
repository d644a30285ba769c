"""Service and its proof: a case's letters, all that are on their way, the post's file, public notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, public_page, recent_code_required
from appeals import delivery_forms as forms
from appeals.selectors import deliveries as reads
from appeals.selectors.facts import CaseDetail
from appeals.services import delivery
from appeals.states import DeliveryStatus, Status
from appeals.views.petition import found_case
from core.acting import carried_out


@public_page
@require_GET
def public_notices(request: HttpRequest) -> HttpResponse:
    """Rulings that could not be delivered (공시송달)."""
    return render(request, "appeals/public_notices.html", {"notices": reads.public_notices()})


@office_required(Role.COURT_CLERK)
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """Letters that are on their way, and the post's file."""
    return render(
        request, "appeals/office/letters.html", {"letters": reads.on_their_way(), "file_form": forms.PostFile()}
    )


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def bring_file(request: HttpRequest) -> HttpResponse:
    """The post's file: what it says of letters, line by line."""
    form = forms.PostFile(request.POST, request.FILES)
    told: dict[str, Any] = {}

    def takes(at: datetime) -> None:
        officer_id = officer_of(request).account_id
        many, faults = delivery.take_file(content=form.cleaned_data["file"], officer_id=officer_id, at=at)
        told.update(many=many, faults=faults)

    if carried_out(request, form, takes, told=gettext("The file was read.")) and not told["faults"]:
        return redirect("appeals:letters")
    context = {"letters": reads.on_their_way(), "file_form": form, "form": form if form.errors else None, **told}
    return render(request, "appeals/office/letters.html", context, status=422)


@office_required(Role.COURT_CLERK)
@require_GET
def of_case(request: HttpRequest, case_id: int) -> HttpResponse:
    return _page(request, _filed(case_id))


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def act(request: HttpRequest, case_id: int) -> HttpResponse:
    """A letter was sent, the post said something of one, or the ruling is served by public notice."""
    found = _filed(case_id)
    name = request.POST.get("do", "")
    form = _forms(found, request.POST).get(name)
    if form is None:
        raise Http404
    officer_id = officer_of(request).account_id

    def posts(at: datetime) -> None:
        said = form.cleaned_data
        line = int(said["line"]) if said["line"] else None
        delivery.post(
            case_id=case_id, line_id=line, tracking=said["tracking"], on=said["on"], officer_id=officer_id, at=at
        )

    def tells(at: datetime) -> None:
        said = form.cleaned_data
        says = DeliveryStatus(said["says"])
        delivery.record(
            tracking=said["letter"], says=says, on=said["day"], reason=said["reason"], officer_id=officer_id, at=at
        )

    def publishes(at: datetime) -> None:
        delivery.notice_in_public(case_id=case_id, reason=form.cleaned_data["why"], officer_id=officer_id, at=at)

    work: dict[str, Callable[[datetime], None]] = {"post": posts, "tell": tells, "publish": publishes}
    if carried_out(request, form, work[name], told=gettext("It is recorded.")):
        return redirect("appeals:deliveries", case_id)
    return _page(request, found, name, form)


def _filed(case_id: int) -> CaseDetail:
    found = found_case(case_id)
    if found.draft:
        raise Http404
    return found


def _forms(found: CaseDetail, data: Any) -> dict[str, Form]:
    """What can be done now; who may, the database decides."""
    case_id = found.summary.id
    letters = reads.deliveries_of(case_id)
    decided = found.summary.status == Status.DECIDED
    lines = [(str(one.id), f"{one.at.date().isoformat()} {one.label}") for one in reads.stored_on_the_site(case_id)]
    offered: dict[str, Form] = {}
    if lines or decided:
        ruling = [("", gettext("The ruling"))] if decided else []
        offered["post"] = forms.PostForm(data, things=[*ruling, *lines], needed=not decided)
    if waiting := [(one.tracking, one.tracking) for one in letters if one.on_its_way]:
        offered["tell"] = forms.TellForm(data, letters=waiting)
    if decided and any(one.came_back and one.what is None for one in letters):
        offered["publish"] = forms.PublicNoticeForm(data)
    return offered


def _page(request: HttpRequest, found: CaseDetail, name: str = "", form: Form | None = None) -> HttpResponse:
    offered = _forms(found, None)
    if form is not None:
        offered[name] = form
    titles = {
        "post": (gettext("A registered letter was sent"), gettext("Note the letter")),
        "tell": (gettext("What the post says"), gettext("Record it")),
        "publish": (gettext("Serve the ruling by public notice"), gettext("Publish the notice")),
    }
    context = {
        "case": found,
        "deliveries": reads.deliveries_of(found.summary.id),
        "stored": reads.stored_on_the_site(found.summary.id),
        "acts": [(key, *titles[key], one) for key, one in offered.items()],
        "form": form,
    }
    return render(request, "appeals/office/deliveries.html", context, status=422 if form is not None else 200)
