"""What officers do to a bill after it was issued; the second officer's list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import OfficerFacts, Role, office_required, officer_of, recent_code_required, refuse_own_file
from accounts.selectors.officers import officer_facts
from accounts.selectors.taxpayers import taxpayer_facts
from billing import life_forms as forms
from billing import selectors, services
from billing.explain_changes import asked_for
from billing.views.public import bill_context
from core import clock
from core.errors import Refusal

ASSESS: Final = frozenset({Role.ASSESSOR})
COLLECT: Final = frozenset({Role.COLLECTOR})


@dataclass(frozen=True, kw_only=True)
class Page:
    """One kind of change: who may ask for it, in which states of the bill, and the words of its page.

    `tax`: of bills of this tax only. `weighs`: it gives something away, so that it counts towards what one officer may
    decide.
    """

    title: str | Promise
    text: str | Promise
    roles: frozenset[Role]
    form: type[forms.ChangeForm]
    ask: Callable[..., Any]
    states: tuple[str, ...] = ("issued",)
    danger: bool = False
    weighs: bool = True
    tax: str = ""


PAGES: Final[dict[str, Page]] = {
    "reduce": Page(
        title=_("Reduce this bill"),
        text=_("What was paid too much by then is paid back. What is left of each tax is cut to 10 won."),
        roles=ASSESS,
        form=forms.ReduceForm,
        ask=services.reduce_bill,
    ),
    "vehicle-left": Page(
        title=_("The car was sold or scrapped"),
        text=_("The bill is reduced to the days until then; what was paid beyond that is paid back."),
        roles=ASSESS,
        form=forms.VehicleLeftForm,
        ask=services.vehicle_left,
        tax="automobile",
    ),
    "cancel": Page(
        title=_("Cancel this bill"),
        text=_("The receivable is taken out of the books, and what was paid is paid back. This can't be undone."),
        roles=ASSESS,
        form=forms.ChangeForm,
        ask=services.cancel_bill,
        danger=True,
    ),
    "reissue": Page(
        title=_("Issue another bill in its place"),
        text=_("It has new numbers and a new due date and owes what is still unpaid. A worker makes it."),
        roles=ASSESS,
        form=forms.ChangeForm,
        ask=services.reissue_bill,
    ),
    "defer": Page(
        title=_("Defer collection"),
        text=_("Nothing is added for late payment meanwhile."),
        roles=COLLECT,
        form=forms.DeferForm,
        ask=services.defer_bill,
    ),
    "instalments": Page(
        title=_("Let it be paid in instalments"),
        text=_("Each part has its own due date, and is late by itself."),
        roles=COLLECT,
        form=forms.InstalmentsForm,
        ask=services.plan_instalments,
    ),
    "contest": Page(
        title=_("Note that it is contested"),
        text=_("Collection goes on: what is late is added to while the case runs."),
        roles=ASSESS | COLLECT,
        form=forms.ContestForm,
        ask=services.note_contest,
        weighs=False,
    ),
    "hold": Page(
        title=_("Put a sale by auction off"),
        text=_("The sale waits until 30 days after the decision. The surcharge runs on."),
        roles=COLLECT,
        form=forms.HoldForm,
        ask=services.hold_auction,
        weighs=False,
    ),
    "remind": Page(
        title=_("Note that a reminder was served"),
        text=_("Limitation begins anew when the time that it leaves to pay is over."),
        roles=COLLECT,
        form=forms.RemindForm,
        ask=services.note_reminder,
        weighs=False,
    ),
    "seize": Page(
        title=_("Note that property was seized"),
        text=_("The claim is not prescribed while property is seized; limitation begins anew when it is released."),
        roles=COLLECT,
        form=forms.SeizeForm,
        ask=services.note_seizure,
        weighs=False,
    ),
    "end": Page(
        title=_("End what stands beside the bill"),
        text=_("A deferral, instalments, a contest, a seizure or a sale put off ends on the day that you enter."),
        roles=ASSESS | COLLECT,
        form=forms.EndForm,
        ask=services.end_fact,
        weighs=False,
        states=("issued", "cancelled", "written_off", "prescribed", "reissued"),
    ),
    "write-off": Page(
        title=_("Write this bill off"),
        text=_("Nothing can be collected. If property is found later, the claim is taken up again."),
        roles=COLLECT,
        form=forms.ChangeForm,
        ask=services.write_off_bill,
        danger=True,
    ),
    "revive": Page(
        title=_("Take this bill up again"),
        text=_("It is owed again, with what was added for late payment."),
        roles=COLLECT,
        form=forms.ChangeForm,
        ask=services.revive_bill,
        weighs=False,
        states=("written_off",),
    ),
}


def changes_open_to(
    officer: OfficerFacts, bill: selectors.BillDetail, life: selectors.BillLife
) -> list[dict[str, Any]]:
    """The changes that this officer may ask for now."""
    return [
        {"kind": kind, "title": page.title}
        for kind, page in PAGES.items()
        if page.roles & officer.roles
        and bill.summary.status in page.states
        and page.tax in ("", bill.summary.tax)
        and (kind != "end" or any(fact.can_end for fact in life.facts))
    ]


@office_required(Role.ASSESSOR, Role.COLLECTOR)
@recent_code_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, bill_id: int, kind: str) -> HttpResponse:
    """One form for each kind; what is refused is said above what was typed."""
    page, officer = PAGES.get(kind), officer_of(request)
    if page is None:
        raise Http404
    if not page.roles & officer.roles:
        raise PermissionDenied
    at = clock.now()
    bill = opened(request, bill_id)
    refuse_own_file(officer, bill.summary.taxpayer_id)
    life = selectors.life_of(bill_id=bill_id, on=clock.local_date(at), staff=True)
    form = page.form(request.POST or None, bill=bill, life=life, today=clock.local_date(at))
    if form.is_valid():
        who = "cancelled_by_id" if kind == "cancel" else "asked_by_id"
        try:
            page.ask(
                bill_id=bill_id, reason=form.cleaned_data["reason"], at=at, **{who: officer.account_id}, **form.values()
            )
            return redirect("billing:bill", bill_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    context = bill_context(request, bill) | {"form": form, "page": page, "payer": payer_of(bill)}
    return render(request, "billing/change.html", context, status=422 if form.is_bound else 200)


@office_required(Role.ASSESSOR, Role.COLLECTOR, Role.APPROVER)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Changes that wait for a second officer, and acts for everybody that do."""
    changes = selectors.waiting_changes()
    bills = selectors.bills_by_id(bill_ids={change.bill_id for change in changes}, at=clock.now())
    context = {
        "changes": [(change, bills[change.bill_id]) for change in changes],
        "may_decide": Role.APPROVER in officer_of(request).roles,
    }
    return render(request, "billing/changes.html", context)


@office_required(Role.APPROVER)
@recent_code_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, bill_id: int, change_id: int) -> HttpResponse:
    """What a colleague asked for, to be confirmed or rejected."""
    at, officer = clock.now(), officer_of(request)
    bill = opened(request, bill_id)
    refuse_own_file(officer, bill.summary.taxpayer_id)
    life = selectors.life_of(bill_id=bill_id, on=clock.local_date(at), staff=True)
    wanted = next((found for found in life.changes if found.id == change_id), None)
    if wanted is None:
        raise Http404
    form = forms.DecideForm(request.POST or None)
    if form.is_valid():
        try:
            services.decide_change(
                change_id=change_id,
                decided_by_id=officer.account_id,
                approved=form.cleaned_data["approved"],
                because=form.cleaned_data["because"],
                at=at,
            )
            return redirect("billing:waiting")
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
    taxes = {line.owed.line_id: forms.name_of(line) for line in bill.today.lines}
    context = bill_context(request, bill) | {
        "form": form,
        "change": wanted,
        "payer": payer_of(bill),
        "details": asked_for(wanted.details, taxes=taxes),
        "asked_by": name_of_officer(wanted.asked_by),
    }
    return render(request, "billing/decide.html", context, status=422 if form.is_bound else 200)


def payer_of(bill: selectors.BillDetail) -> str:
    """The name of whoever the bill asks, as far as the officer may see it."""
    payer = taxpayer_facts([bill.summary.taxpayer_id]).get(bill.summary.taxpayer_id)
    return payer.name if payer else ""


def name_of_officer(account_id: int | None) -> str:
    officer = officer_facts(account_id=account_id) if account_id else None
    return officer.name if officer else ""


def opened(request: HttpRequest, bill_id: int) -> selectors.BillDetail:
    """A bill that the officer's body deals with; that it was opened is kept in the audit trail."""
    try:
        return services.open_bill(bill_id=bill_id, opened_by_id=officer_of(request).account_id, at=clock.now())
    except selectors.NoSuchBill:
        raise Http404 from None
