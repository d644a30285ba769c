"""The advocate's desk: their cases, and in each the petition, the files, and papers that nobody else reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from appeals import advocate_forms as forms
from appeals.advocate_states import Partner, Work
from appeals.selectors import papers, pool
from appeals.selectors.facts import CaseDetail
from appeals.services import papers as services
from appeals.views import petition
from core import clock
from core.acting import carried_out

ADVOCATE = Role.SPECIAL_TAX_ADVOCATE


@office_required(ADVOCATE)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    return page(request)


@office_required(ADVOCATE)
@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    return _case(request, _found(request, case_id))


@office_required(ADVOCATE)
@recent_code_required
@require_POST
def brief(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep the draft, or file it: told apart by the button."""
    form = forms.BriefForm(request.POST, auto_id="brief_%s")
    filing = request.POST.get("do") == "file"
    return _act(
        request, case_id, "brief", form,
        lambda at: services.write_brief(case_id=case_id, text=form.cleaned_data["text"], filing=filing, at=at),
        done=gettext("The brief is filed. Petitioner and court read it.") if filing else gettext("Your draft is kept."),
    )  # fmt: skip


@office_required(ADVOCATE)
@recent_code_required
@require_POST
def note(request: HttpRequest, case_id: int) -> HttpResponse:
    form = forms.NoteForm(request.POST, auto_id="note_%s")
    return _act(
        request, case_id, "note", form,
        lambda at: services.note(case_id=case_id, text=form.cleaned_data["text"], at=at),
        done=gettext("The note is kept."),
    )  # fmt: skip


@office_required(ADVOCATE)
@recent_code_required
@require_POST
def write(request: HttpRequest, case_id: int) -> HttpResponse:
    """To the petitioner, or a question to the office that levied."""
    form = forms.WriteToForm(request.POST, auto_id="write_%s")
    return _act(
        request, case_id, "write", form,
        lambda at: services.write_to(
            case_id=case_id, whom=Partner(form.cleaned_data["whom"]), text=form.cleaned_data["text"], at=at
        ),
        done=gettext("Sent."),
    )  # fmt: skip


@office_required(ADVOCATE)
@recent_code_required
@require_POST
def spend(request: HttpRequest, case_id: int) -> HttpResponse:
    form = forms.TimeForm(request.POST, auto_id="time_%s")
    return _act(
        request, case_id, "time", form,
        lambda at: services.spend(
            case_id=case_id,
            day=form.cleaned_data["day"],
            minutes=form.cleaned_data["minutes"],
            work=Work(form.cleaned_data["work"]),
            at=at,
        ),
        done=gettext("The time is entered."),
    )  # fmt: skip


def page(request: HttpRequest, **bound: Form) -> HttpResponse:
    """The desk; `bound`: the form that was refused."""
    at = clock.now()
    officer = officer_of(request)
    own = pool.pooled(officer.account_id, at=at)
    listed = own is not None and own.listed
    reach = forms.ReachForm(initial={"phone": own.phone, "room": own.room} if own else {}, auto_id="reach_%s")
    context = {
        "cases": papers.own_desk(officer_id=officer.account_id, at=at),
        "own": own if listed else None,
        "reach": bound.get("reach") or reach,
        "absence": bound.get("absence") or forms.AbsenceForm(auto_id="absence_%s"),
        "conflict": bound.get("conflict") or forms.ConflictForm(auto_id="conflict_%s"),
        "form": next(iter(bound.values()), None),
        "history": pool.history(officer.account_id) if listed else [],
    }
    return render(request, "appeals/office/advocate_desk.html", context, status=422 if bound else 200)


def _found(request: HttpRequest, case_id: int) -> CaseDetail:
    if not papers.is_advocate(case_id=case_id, officer_id=officer_of(request).account_id):
        raise Http404
    return petition.found_case(case_id)


def _act(
    request: HttpRequest, case_id: int, name: str, form: Form, work: Callable[[datetime], None], *, done: str
) -> HttpResponse:
    """Do it, or show the case again with what was typed and what is wrong with it."""
    found = _found(request, case_id)
    if carried_out(request, form, work, told=done):
        return redirect("appeals:advocate_case", case_id)
    return _case(request, found, **{name: form})


def _case(request: HttpRequest, found: CaseDetail, **bound: Form) -> HttpResponse:
    kept = papers.papers_of(case_id=found.summary.id, officer_id=officer_of(request).account_id)
    today = clock.local_date(clock.now())
    context = {
        "case": found,
        "papers": kept,
        "officer_id": officer_of(request).account_id,
        "brief": bound.get("brief") or forms.BriefForm(initial={"text": kept.draft}, auto_id="brief_%s"),
        "note": bound.get("note") or forms.NoteForm(auto_id="note_%s"),
        "write": bound.get("write") or forms.WriteToForm(initial={"whom": Partner.PETITIONER}, auto_id="write_%s"),
        "time": bound.get("time") or forms.TimeForm(initial={"day": today}, auto_id="time_%s"),
        "conflict": forms.ConflictForm(initial={"number": found.summary.number}, auto_id="conflict_%s"),
        "form": next(iter(bound.values()), None),
    }
    return render(request, "appeals/office/advocate_case.html", context, status=422 if bound else 200)
