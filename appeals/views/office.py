"""The desks: the clerk's queue, a case with what each officer may do in it, the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import OfficerFacts, Role, office_required, officer_of, own_file, recent_code_required
from accounts.selectors.officers import body_kinds
from appeals import desk_forms as forms
from appeals import services
from appeals.bench_forms import ReadForm
from appeals.forms import FileForm, MendForm, WithdrawForm
from appeals.hearing_forms import MoveForm
from appeals.selectors import advocacy, bench, cases, counsel, judging, papers, seals
from appeals.selectors.anew import to_examine
from appeals.selectors.due import red_list
from appeals.selectors.facts import CaseDetail, RulingShown
from appeals.selectors.notices import bill_of_notice
from appeals.states import RUNNING, Outcome, Status, outcome_label
from appeals.views import files, petition
from appeals.views.anew import offered_anew
from appeals.views.beside_context import beside_of
from appeals.views.bill_lines import lines_of, named_lines
from billing import selectors as bills
from core import clock
from core.errors import Refusal

CLERK: Final = (Role.COURT_CLERK,)
LEVYING: Final = (Role.ASSESSOR, Role.COLLECTOR)
READERS: Final = (*CLERK, Role.CHAIR, Role.COMMITTEE_MEMBER, *LEVYING, Role.APPROVER)
# Who opens the bill's own page, too.
OPENS_BILLS: Final = frozenset({*LEVYING, Role.APPROVER, Role.AUDITOR})
SHOWN: Final = (*RUNNING, Status.DECIDED, Status.SERVED, Status.WITHDRAWN)


@office_required(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is due first stands first; what is due within days is red."""
    status = request.GET.get("status", Status.PENDING)
    if status not in SHOWN:
        raise Http404
    if number := request.GET.get("q", "")[:40].strip():
        case_id = cases.by_number(number)
        if case_id is not None:
            return redirect("appeals:case", case_id)
    many = cases.counts()
    context = {
        "cases": cases.desk(status=status, at=clock.now()),
        "status": status,
        "states": [(one, Status(one).label, many[one]) for one in SHOWN],
        "nothing": bool(number),
        "sees_notices": bool({*CLERK, *LEVYING, Role.APPROVER} & officer_of(request).roles),
        "sees_panels": bool({*CLERK, Role.CHAIR} & officer_of(request).roles),
        "sees_figures": bool({*CLERK, Role.CHAIR, *LEVYING} & officer_of(request).roles),
        "may_judge": bool(bench.JUDGES & officer_of(request).roles),
        **_waiting(officer_of(request)),
    }
    return render(request, "appeals/office/desk.html", context)


@office_required(*CLERK, Role.CHAIR, *LEVYING)
@require_GET
def red(request: HttpRequest) -> HttpResponse:
    """Every deadline of the officer's desk that is over, or soon."""
    return render(request, "appeals/office/red.html", {"lines": red_list(at=clock.now())})


def _waiting(officer: OfficerFacts) -> dict[str, Any]:
    """What waits for this officer beside the queue."""
    clerk = Role.COURT_CLERK in officer.roles
    return {
        "may_take_in": clerk,
        "sees_red": bool(officer.roles & {*CLERK, Role.CHAIR, *LEVYING}),
        "keeps_pool": clerk and officer.of_the_city,
        "voted": judging.rulings_to_write() if clerk else [],
        "without": advocacy.without_advocate() if clerk else [],
        "counsels": counsel.waiting_for_clerk(at=clock.now()) if clerk else [],
        "asked": papers.open_questions(at=clock.now()) if officer.roles & {*LEVYING} else [],
        "to_examine": to_examine(at=clock.now()) if officer.roles & {*LEVYING, Role.APPROVER, *CLERK} else [],
        "seals_asked": seals.asked() if officer.roles & {*CLERK, Role.CHAIR} else [],
    }


@office_required(*CLERK)
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Take in a petition of somebody who came: the bill first."""
    form = forms.CounterForm(request.POST or None)
    if form.is_valid():
        at = clock.now()
        noticed = bill_of_notice(number=form.cleaned_data["text"])
        found = [noticed] if noticed else [one.id for one in bills.search_bills(text=form.cleaned_data["text"], at=at)]
        if len(found) != 1:
            form.add_error("text", gettext("No bill has this number. Type the 19 or 31 digits of the paper."))
        else:
            try:
                return redirect("appeals:case", services.begin(bill_id=found[0], language="ko", at=at))
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
    return render(request, "appeals/office/counter.html", {"form": form}, status=422 if form.is_bound else 200)


@office_required(*CLERK)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, case_id: int) -> HttpResponse:
    return petition.write(request, case_id)


@office_required(*CLERK)
@require_GET
def filed(request: HttpRequest, case_id: int) -> HttpResponse:
    """The receipt, to be printed."""
    found = petition.found_case(case_id)
    if found.draft:
        return redirect("appeals:write", case_id)
    return render(request, "appeals/filed.html", {"case": found})


@office_required(*CLERK)
@require_GET
def contest(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Where a draft that was thrown away leads: the counter."""
    return redirect("appeals:counter")


@office_required(*READERS)
@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    found = petition.found_case(case_id, staff=True)
    if found.draft:
        return redirect("appeals:write", case_id)
    return page(request, found)


@office_required(*READERS, Role.SPECIAL_TAX_ADVOCATE)
@require_GET
def file(request: HttpRequest, case_id: int, file_id: int) -> HttpResponse:
    petition.found_case(case_id)
    return files.opened(case_id, file_id)


@office_required(*READERS, Role.SPECIAL_TAX_ADVOCATE)
@require_GET
def side_file(request: HttpRequest, case_id: int, side: str) -> HttpResponse:
    """One side's file as one PDF, its pages numbered."""
    if petition.found_case(case_id).draft:
        raise Http404
    return files.whole_side(case_id, side)


@office_required(*LEVYING)
@recent_code_required
@require_http_methods(["POST"])
def add_file(request: HttpRequest, case_id: int) -> HttpResponse:
    """A file that goes with the levying office's answer."""
    found = petition.found_case(case_id, staff=True)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        name, kind, content = form.cleaned_data["file"]
        try:
            services.add_file(case_id=case_id, name=name, kind=kind, content=content, at=clock.now())
            return redirect("appeals:case", case_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    return page(request, found, add_file=form)


@dataclass(frozen=True, kw_only=True)
class Act:
    """A form that an officer may send now, with its words."""

    title: str | Promise
    button: str | Promise
    url: str
    form: Form
    takes_file: bool = False


# Name of the form and of its address → title, button.
ACTS: Final[dict[str, tuple[Promise, Promise]]] = {
    "answer": (_("Answer of the levying office"), _("Enter the answer")),
    "add_file": (_("Add a file"), _("Add the file")),
    "ask": (_("Have the petition mended"), _("Ask the petitioner")),
    "mend": (_("What the petitioner brought"), _("Enter it")),
    "longer": (_("The review takes longer"), _("Tell the petitioner")),
    "rule": (_("Write the ruling"), _("Keep the draft of the ruling")),
    "sign": (_("Sign the ruling"), _("Sign")),
    "serve": (_("Serve the ruling"), _("Serve")),
    "write_result": (_("What was found when it was examined anew"), _("Keep the result")),
    "confirm_result": (_("Confirm the result"), _("Confirm")),
    "serve_result": (_("Serve the result"), _("Serve the result")),
    "forward": (_("Pass the case on"), _("Pass it on")),
    "move": (_("Another day for the hearing"), _("Ask the calendar for another place")),
    "withdraw": (_("Withdraw the petition"), _("Withdraw the petition")),
}


def page(
    request: HttpRequest, found: CaseDetail, beside: Mapping[str, Form] | None = None, /, **bound: Form
) -> HttpResponse:
    """A case with the forms that this officer may send; `bound` is the one that was refused, `beside` one about the
    petitioner's advocate."""
    offered = {**_offered(officer_of(request), found), **bound}
    acts = [
        Act(
            title=title,
            button=button,
            url=reverse(f"appeals:{name}", args=[found.summary.id]),
            form=offered[name],
            takes_file=name == "add_file",
        )
        for name, (title, button) in ACTS.items()
        if name in offered
    ]
    refused = next(iter([*bound.values(), *(beside or {}).values()]), None)
    context = {
        "case": found,
        "acts": acts,
        "form": refused,
        "lines": named_lines(found, found.ruling),
        "anew_lines": named_lines(found, found.anew),
        "carried": _carried(found),
        "bench": judging.bench_of(found.summary.id),
        "unsigned": judging.unsigned(found.summary.id),
        "recusals": judging.challenges(case_id=found.summary.id),
        "sits": judging.sits_in(found.summary.id),
        "unlinked": not officer_of(request).roles & OPENS_BILLS,
        "hears": bool(officer_of(request).roles & {*CLERK, Role.CHAIR, Role.COMMITTEE_MEMBER}),
        **beside_of(officer_of(request), found, beside or {}),
        "may_publish": found.summary.status == Status.SERVED
        and not found.sealed
        and _hears_as_clerk(officer_of(request), found),
        "may_deliver": _hears_as_clerk(officer_of(request), found),
        "may_seal": bool(officer_of(request).roles & {*CLERK, Role.CHAIR, *LEVYING}),
    }
    return render(request, "appeals/office/case.html", context, status=422 if refused is not None else 200)


def _carried(found: CaseDetail) -> str:
    """What the ruling that is to be written says."""
    said = judging.carried(found.summary.id) if found.summary.running else ""
    return outcome_label(found.summary.kind, said) if said else ""


def _offered(officer: OfficerFacts, found: CaseDetail) -> dict[str, Form]:
    """Empty forms of what may be done now; who may, the database decides once more."""
    if own_file(officer, found.taxpayer_id):
        return {}
    offered: dict[str, Form] = offered_anew(officer, found)
    hears = officer.of_the_city or officer.body == found.authority
    status = found.summary.status
    if found.summary.running and officer.roles & {*LEVYING}:
        offered["add_file"] = FileForm(auto_id="file_%s")
        if not found.answered:
            offered["answer"] = forms.AnswerForm(auto_id="answer_%s")
    if hears and Role.COURT_CLERK in officer.roles:
        offered |= _of_the_clerk(found)
    if hears and Role.CHAIR in officer.roles and found.summary.running and _to_be_signed(found.ruling, officer):
        offered["sign"] = ReadForm(initial={"sha256": judging.draft_hash(found.summary.id)})
    if hears and status == Status.DECIDED and Role.COURT_CLERK in officer.roles:
        offered["serve"] = forms.ServeRulingForm(auto_id="serve_%s", initial={"on": clock.local_date(clock.now())})
    return offered


def _hears_as_clerk(officer: OfficerFacts, found: CaseDetail) -> bool:
    hears = officer.of_the_city or officer.body == found.authority
    return hears and Role.COURT_CLERK in officer.roles and not own_file(officer, found.taxpayer_id)


def _to_be_signed(ruling: RulingShown | None, officer: OfficerFacts) -> bool:
    """A draft of somebody else, without the committee."""
    return ruling is not None and ruling.draft and not ruling.seats and ruling.drafted_by != officer.account_id


def _of_the_clerk(found: CaseDetail) -> dict[str, Form]:
    if not found.summary.running:
        return {}
    offered: dict[str, Form] = {
        "rule": ruling_form(found, None),
        "withdraw": WithdrawForm(auto_id="withdraw_%s", kind=found.summary.kind),
    }
    if found.hearing is None or not found.hearing.began:
        offered["move"] = MoveForm(auto_id="move_%s", initial={"not_on": found.hearing and found.hearing.day})
    if found.summary.review and not found.longer:
        offered["longer"] = forms.LongerForm(auto_id="longer_%s")
    if found.summary.status == Status.PENDING:
        offered["ask"] = forms.AskToMendForm(auto_id="ask_%s")
        offered["forward"] = forward_form(found, None)
    else:
        offered["mend"] = MendForm(auto_id="mend_%s")
    return offered


def ruling_form(found: CaseDetail, data: Any) -> forms.RulingForm:
    """Of what the committee carried, with what the draft says, if there is one."""
    ruling, carried = found.ruling, judging.carried(found.summary.id)
    initial: dict[str, object] = {"outcome": carried or Outcome.DISMISSED}
    if ruling:
        initial |= {"reasons": ruling.reasons}
        initial |= {f"line_{line}": won for line, won in ruling.lines.items()}
    lines = lines_of(found) if carried == Outcome.CORRECTED else {}
    facts: dict[str, Any] = {"names": lines, "carried": carried, "kind": found.summary.kind, "initial": initial}
    return forms.RulingForm(data, auto_id="ruling_%s", **facts)


def forward_form(found: CaseDetail, data: Any) -> forms.ForwardForm:
    others = [
        (code, body.name_ko)
        for code, body in body_kinds().items()
        if body.kind in ("city", "district") and code != found.authority
    ]
    return forms.ForwardForm(data, authorities=others, auto_id="forward_%s")
