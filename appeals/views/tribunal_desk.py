"""Bills before the Tax Tribunal at the office: recorded, answered, sent with a file; two enter what moves money."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import OfficerFacts, Role, office_required, officer_of, own_file, recent_code_required
from appeals.bench_forms import ReadForm
from appeals.desk_forms import CounterForm
from appeals.selectors import tribunal
from appeals.selectors.tribunal import ReferralShown
from appeals.services import tribunal as acts
from appeals.services.referral_file import make_file
from appeals.tribunal_forms import DecisionForm, HeardForm, TribunalAnswerForm
from appeals.tribunal_states import MOVES_MONEY, ReferralStatus
from appeals.views.bill_lines import lines_of_bill, named_of_bill
from appeals.views.offering import Act, Offered, offered, perform
from appeals.views.office import OPENS_BILLS
from appeals.views.tribunal import found_referral, pdf_of
from billing import selectors as bills
from core import clock
from core.errors import Refusal

LEVYING: Final = (Role.ASSESSOR, Role.COLLECTOR)
WRITERS: Final = (*LEVYING, Role.COURT_CLERK)
READERS: Final = (*WRITERS, Role.APPROVER)


@office_required(*READERS)
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """What is not decided, the answer that is due first; and the bill about which the Tribunal was seized."""
    form = CounterForm(request.POST or None)
    if form.is_valid():
        found = bills.search_bills(text=form.cleaned_data["text"], at=clock.now())
        if len(found) == 1:
            return redirect("appeals:seize", found[0].id)
        form.add_error("text", gettext("No bill has this number. Type the 19 or 31 digits of the paper."))
    writes = bool(officer_of(request).roles & {*WRITERS})
    context = {"referrals": tribunal.desk(at=clock.now()), "form": form, "writes": writes}
    return render(request, "appeals/office/tribunals.html", context, status=422 if form.is_bound else 200)


@office_required(*WRITERS)
@recent_code_required
@require_http_methods(["GET", "POST"])
def seize(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The office learned that the Tribunal was seized about a bill."""
    at = clock.now()
    bill = bills.bills_by_id(bill_ids=[bill_id], at=at).get(bill_id)
    if bill is None or bill.status != "issued":
        raise Http404
    today = clock.local_date(at)
    issued = bills.issued_on(bill_id=bill_id) or today
    form = HeardForm(request.POST or None, today=today, issued_on=min(issued, today), initial={"heard_on": today})
    if form.is_valid():
        try:
            return redirect("appeals:tribunal", acts.seize(bill_id=bill_id, said=form.says(), at=at))
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = {"form": form, "bill": bill}
    return render(request, "appeals/office/tribunal_new.html", context, status=422 if form.is_bound else 200)


@office_required(*READERS)
@require_GET
def referral(request: HttpRequest, referral_id: int) -> HttpResponse:
    return _page(request, found_referral(referral_id, staff=True), None)


@office_required(*READERS)
@recent_code_required
@require_POST
def act(request: HttpRequest, referral_id: int) -> HttpResponse:
    found = found_referral(referral_id, staff=True)
    refused = perform(request, _acts(officer_of(request), found))
    return redirect("appeals:tribunal", referral_id) if refused is None else _page(request, found, refused)


@office_required(*READERS)
@require_GET
def file(request: HttpRequest, referral_id: int) -> HttpResponse:
    found_referral(referral_id)
    return pdf_of(referral_id)


def _page(request: HttpRequest, found: ReferralShown, refused: Offered | None) -> HttpResponse:
    context = {
        "referral": found,
        "lines": named_of_bill(found.bill_id, found.lines),
        "unlinked": not officer_of(request).roles & OPENS_BILLS,
        "offered": offered(_acts(officer_of(request), found), refused),
        "act_url": reverse("appeals:act_on_tribunal", args=[found.id]),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/tribunal.html", context, status=422 if refused else 200)


def _acts(officer: OfficerFacts, found: ReferralShown) -> dict[str, Act]:
    """What this officer may do about it now; who may, the database decides once more."""
    if own_file(officer, found.taxpayer_id) or not (officer.of_the_city or officer.body == found.body_id):
        return {}
    offers: dict[str, Act] = {}
    who, opened = officer.account_id, found.status == ReferralStatus.OPEN
    if opened and officer.roles & {*LEVYING}:
        offers["answer"] = _answer(found, who)
    if opened and found.answer and Role.COURT_CLERK in officer.roles:
        offers["file"] = _file(found, who)
    if found.waits and Role.APPROVER in officer.roles and found.written_by != who:
        offers["confirm"] = _confirm(found, who)
    if not found.decided and Role.COURT_CLERK in officer.roles:
        offers["decide"] = _decide(found, who)
    return offers


def _answer(found: ReferralShown, officer_id: int) -> Act:
    def answers(said: dict[str, Any]) -> str:
        acts.answer(referral_id=found.id, text=said["text"], officer_id=officer_id, at=clock.now())
        return gettext("The answer is kept. The clerk has the file made.")

    facts = {"initial": {"text": found.answer}}
    title = _("Answer to the Tribunal")
    return Act(title=title, button=_("Keep the answer"), work=answers, make=TribunalAnswerForm, facts=facts)


def _file(found: ReferralShown, officer_id: int) -> Act:
    def makes(_said: dict[str, Any]) -> str:
        make_file(referral=found, officer_id=officer_id, at=clock.now())
        return gettext("The file is made and stays as it is. Its signed cover follows.")

    text = _("Claim, bill, papers and decision of an objection, and the answer become one PDF with page numbers.")
    return Act(title=_("File for the Tribunal"), text=text, button=_("Make the file"), work=makes)


def _decide(found: ReferralShown, officer_id: int) -> Act:
    def decides(said: dict[str, Any]) -> str:
        says = form_of(None).says(said)
        acts.write_decision(referral_id=found.id, says=says, officer_id=officer_id, at=clock.now())
        if says.outcome in MOVES_MONEY:
            return gettext("The decision is kept. An approver of the levying office confirms it.")
        return gettext("The decision is entered.")

    def form_of(data: Any, **options: Any) -> DecisionForm:
        return DecisionForm(data, names=lines_of_bill(found.bill_id), **options)

    names = ("outcome", "tribunal_number", "decided_on", "told_on", "reasons")
    initial = {name: getattr(found, name) for name in names} | {f"line_{k}": won for k, won in found.lines.items()}
    title = _("What the Tribunal decided")
    return Act(title=title, button=_("Keep the decision"), work=decides, make=form_of, facts={"initial": initial})


def _confirm(found: ReferralShown, officer_id: int) -> Act:
    def confirms(said: dict[str, Any]) -> str:
        acts.confirm_decision(referral_id=found.id, sha256=said["sha256"], officer_id=officer_id, at=clock.now())
        return gettext("The decision is confirmed and is being carried out.")

    facts = {"initial": {"sha256": tribunal.decision_hash(found.id)}}
    title = _("Confirm the Tribunal's decision")
    return Act(title=title, button=_("Confirm"), work=confirms, make=ReadForm, facts=facts)
