"""Who stands beside a petitioner: their advocate, letters, asking for another one, an appointed professional."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Assurance, citizen_required
from appeals import advocate_forms as forms
from appeals.advocate_states import Person
from appeals.selectors import advocacy, counsel, papers
from appeals.selectors.facts import CaseDetail
from appeals.services import counsel as counsels
from appeals.services import papers as letters
from appeals.services import pool
from appeals.views import petition
from core import clock
from core.acting import carried_out
from core.errors import Refusal


@citizen_required()
@require_GET
def beside(request: HttpRequest, case_id: int) -> HttpResponse:
    """Who it is, why it is this one, what was written, what was filed."""
    found = petition.found_case(case_id)
    if found.draft:
        return redirect("appeals:write", case_id)
    return _page(request, found)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def write(request: HttpRequest, case_id: int) -> HttpResponse:
    """A letter to one's advocate."""
    form = forms.WriteForm(request.POST, auto_id="write_%s")
    return _act(
        request, case_id, "write", form,
        lambda at: letters.write_advocate(case_id=case_id, text=form.cleaned_data["text"], at=at),
        done=gettext("Sent. Nobody but your advocate reads it."),
    )  # fmt: skip


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def another(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask for another advocate, once."""
    form = forms.AnotherForm(request.POST, auto_id="another_%s")
    return _act(
        request, case_id, "another", form,
        lambda at: pool.ask_another(case_id=case_id, reason=form.cleaned_data["reason"], at=at),
        done=gettext("Another advocate is drawn for you. You are written to when it is done."),
    )  # fmt: skip


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def ask_counsel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask for an appointed professional, with what the law asks for."""
    found = petition.found_case(case_id)
    if found.draft:
        return redirect("appeals:write", case_id)
    at = clock.now()
    terms = counsel.terms_of(found, at=at)
    form = forms.CounselForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        for text in terms.against or terms.against_means(
            person=told["person"], yearly=told["yearly"], owned=told["owned"], listed=not told["unlisted"]
        ):
            form.add_error(None, text)
    if form.is_valid():
        told = form.cleaned_data
        means = counsels.Means(person=Person(told["person"]), yearly=told["yearly"], owned=told["owned"])
        try:
            counsels.ask_counsel(case_id=case_id, means=means, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, gettext("Asked for. The clerk answers within the days that the law sets."))
            return redirect("appeals:counsel", case_id)
    context = {"case": found, "terms": terms, "requests": counsel.requests_of(case_id, at=at), "form": form}
    context["open"] = found.summary.running and not terms.against and not _asked(context["requests"])
    return render(request, "appeals/counsel.html", context, status=422 if form.is_bound else 200)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def withdraw_counsel(request: HttpRequest, case_id: int) -> HttpResponse:
    petition.found_case(case_id)
    try:
        counsels.withdraw_counsel(case_id=case_id, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, gettext("The request is taken back."))
    return redirect("appeals:counsel", case_id)


def _asked(requests: object) -> bool:
    return isinstance(requests, list) and any(one.status in ("asked", "given") for one in requests)


def _act(
    request: HttpRequest, case_id: int, name: str, form: Form, work: Callable[[datetime], None], *, done: str
) -> HttpResponse:
    found = petition.found_case(case_id)
    if carried_out(request, form, work, told=done):
        return redirect("appeals:beside", case_id)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: CaseDetail, **bound: Form) -> HttpResponse:
    case_id = found.summary.id
    seen = advocacy.beside_petitioner(case_id=case_id)
    may_ask = seen.may_ask and found.summary.running
    context = {
        "case": found,
        "beside": seen,
        "letters": papers.letters_of(case_id=case_id),
        "briefs": papers.filed_briefs(case_id=case_id),
        "write": bound.get("write") or (forms.WriteForm(auto_id="write_%s") if seen.advocate else None),
        "another": bound.get("another") or (forms.AnotherForm(auto_id="another_%s") if may_ask else None),
        "form": next(iter(bound.values()), None),
    }
    return render(request, "appeals/beside.html", context, status=422 if bound else 200)
