"""What a petitioner sees and does."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Assurance, citizen_required
from accounts.selectors.taxpayers import own_records
from appeals import services
from appeals.bench_forms import ChallengeForm
from appeals.explain import said
from appeals.forms import FileForm, MendForm, WithdrawForm
from appeals.rules.authority import NotHeardHere, authority_of
from appeals.selectors import advocacy, cases, figures, judging
from appeals.selectors.facts import CaseDetail
from appeals.selectors.tribunal import referrals_of
from appeals.selectors.waiting import cost_of_waiting
from appeals.services import committee
from appeals.services.delivery import note_opened
from appeals.states import Status
from appeals.views import files, petition
from appeals.views.bill_lines import named_lines
from appeals.views.fine import how_it_is_contested
from billing import selectors as bills
from billing.selectors.city import dated_tables
from core import clock
from core.acting import carried_out
from core.errors import Refusal

FINE = "_fine"


@citizen_required()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Every case of one's own."""
    return render(request, "appeals/mine.html", {"cases": cases.mine(at=clock.now())})


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, bill_id: int) -> HttpResponse:
    """What contesting this bill means, and what waiting costs, before anything is filed."""
    at = clock.now()
    bill = bills.bills_by_id(bill_ids=[bill_id], at=at).get(bill_id)
    if bill is None or bill.taxpayer_id not in {record.id for record in own_records()}:
        raise Http404
    today, tables = clock.local_date(at), dated_tables()
    try:
        authority = authority_of(tax=bill.tax, on=today, tables=tables)
    except NotHeardHere:
        if bill.tax.endswith(FINE):
            return how_it_is_contested(request, bill, at=at)
        return render(request, "appeals/elsewhere.html", {"bill": bill})
    problem = ""
    if request.method == "POST":
        try:
            case_id = services.begin(bill_id=bill_id, language=get_language() or "ko", at=at)
            return redirect("appeals:write", case_id)
        except Refusal as refusal:
            problem = str(refusal.message)
    cost = cost_of_waiting(bill_id=bill_id, at=at) if bill.status == "issued" else None
    context = {
        "bill": bill,
        "authority": authority,
        "cost": cost,
        "decide": said([cost.decide], today=today)[0] if cost else None,
        "case_id": cases.case_of_bill(bill_id=bill_id),
        "problem": problem,
    }
    return render(request, "appeals/contest.html", context, status=422 if problem else 200)


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, case_id: int) -> HttpResponse:
    return petition.write(request, case_id)


@citizen_required()
@require_GET
def filed(request: HttpRequest, case_id: int) -> HttpResponse:
    """The receipt: the docket number, what happens next, and until when."""
    found = petition.found_case(case_id)
    if found.draft:
        return redirect("appeals:write", case_id)
    return render(request, "appeals/filed.html", {"case": found})


@citizen_required()
@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    found = petition.found_case(case_id)
    if found.draft:
        return redirect("appeals:write", case_id)
    note_opened(case_id=case_id, at=clock.now())
    return _page(request, found)


@citizen_required()
@require_GET
def file(request: HttpRequest, case_id: int, file_id: int) -> HttpResponse:
    petition.found_case(case_id)
    return files.opened(case_id, file_id)


@citizen_required()
@require_GET
def side_file(request: HttpRequest, case_id: int, side: str) -> HttpResponse:
    """One side's file as one PDF, its pages numbered."""
    if petition.found_case(case_id).draft:
        raise Http404
    return files.whole_side(case_id, side)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def add_file(request: HttpRequest, case_id: int) -> HttpResponse:
    found = petition.found_case(case_id)
    form = FileForm(request.POST, request.FILES)

    def adds(at: datetime) -> None:
        name, kind, content = form.cleaned_data["file"]
        services.add_file(case_id=case_id, name=name, kind=kind, content=content, at=at)

    if carried_out(request, form, adds, told=gettext("The file is kept with your case.")):
        return redirect("appeals:case", case_id)
    return _page(request, found, file=form)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def mend(request: HttpRequest, case_id: int) -> HttpResponse:
    """Answer the clerk; the time to decide goes on."""
    found = petition.found_case(case_id)
    form = MendForm(request.POST)

    def mends(at: datetime) -> None:
        services.mend(case_id=case_id, text=form.cleaned_data["text"], at=at)

    if carried_out(request, form, mends, told=gettext("Thank you. The case goes on.")):
        return redirect("appeals:case", case_id)
    return _page(request, found, mend=form)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    found = petition.found_case(case_id)
    form = WithdrawForm(request.POST, kind=found.summary.kind)

    def withdraws(at: datetime) -> None:
        services.withdraw(case_id=case_id, reason=form.cleaned_data["reason"], at=at)

    if carried_out(request, form, withdraws, told=gettext("The petition is withdrawn.")):
        return redirect("appeals:case", case_id)
    return _page(request, found, withdraw=form)


@citizen_required(assurance=Assurance.IDENTITY)
@require_POST
def challenge(request: HttpRequest, case_id: int) -> HttpResponse:
    """Challenge somebody who sits in one's case, once each; who presides decides."""
    found = petition.found_case(case_id)
    form = _challenge_form(found, request.POST)
    if form is None:
        raise Http404

    def challenges(at: datetime) -> None:
        said = form.cleaned_data
        committee.challenge(case_id=case_id, member_id=said["member"], reason=said["reason"], at=at)

    told = gettext("Your challenge is in the file. It is decided before the committee votes.")
    if carried_out(request, form, challenges, told=told):
        return redirect("appeals:case", case_id)
    return _page(request, found, challenge=form)


def _challenge_form(found: CaseDetail, data: object) -> ChallengeForm | None:
    """Over those who sit and were not challenged; None where nobody is left."""
    free = [one for one in judging.bench_of(found.summary.id) if one.barred is None and not one.challenged]
    if not free or not found.summary.running:
        return None
    return ChallengeForm(data, members=[(str(one.member_id), one.name) for one in free], auto_id="challenge_%s")


def _page(
    request: HttpRequest,
    found: CaseDetail,
    *,
    file: FileForm | None = None,
    mend: MendForm | None = None,
    withdraw: WithdrawForm | None = None,
    challenge: ChallengeForm | None = None,
) -> HttpResponse:
    running = found.summary.running
    mending = found.summary.status == Status.MENDING
    bound = next((form for form in (file, mend, withdraw, challenge) if form is not None), None)
    context = {
        "case": found,
        "file_form": file or (FileForm(auto_id="file_%s") if running else None),
        "mend_form": mend or (MendForm(auto_id="mend_%s") if mending else None),
        "withdraw_form": withdraw
        or (WithdrawForm(auto_id="withdraw_%s", kind=found.summary.kind) if running else None),
        "bench": judging.bench_of(found.summary.id),
        "recusals": judging.challenges(case_id=found.summary.id),
        "challenge_form": challenge or _challenge_form(found, None),
        "form": bound,
        "referrals": referrals_of(bill_id=found.summary.bill_id),
        "lines": named_lines(found, found.ruling),
        "anew_lines": named_lines(found, found.anew),
        "survey": figures.may_answer(found.summary.id, at=clock.now()),
        "beside": advocacy.beside_petitioner(case_id=found.summary.id),
    }
    return render(request, "appeals/case.html", context, status=422 if bound is not None else 200)
