"""What officers do in a case; each is a form and one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from appeals import desk_forms as forms
from appeals import services
from appeals.bench_forms import ReadForm
from appeals.forms import MendForm, WithdrawForm
from appeals.states import How
from appeals.views import office, petition
from core.acting import carried_out


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """Have the petition mended."""
    form = forms.AskToMendForm(request.POST, auto_id="ask_%s")
    return act(
        request, case_id, "ask", form,
        lambda officer_id, at: services.ask_to_mend(
            case_id=case_id, officer_id=officer_id, at=at, **form.cleaned_data
        ),
        done=gettext("The petitioner is asked to mend the petition; the time to decide stands still."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def mend(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the petitioner brought to the counter."""
    form = MendForm(request.POST, auto_id="mend_%s")
    return act(
        request, case_id, "mend", form,
        lambda _, at: services.mend(case_id=case_id, text=form.cleaned_data["text"], at=at),
        done=gettext("The petition is mended."),
    )  # fmt: skip


@office_required(Role.ASSESSOR, Role.COLLECTOR)
@recent_code_required
@require_POST
def answer(request: HttpRequest, case_id: int) -> HttpResponse:
    """The levying office explains its levy."""
    form = forms.AnswerForm(request.POST, auto_id="answer_%s")
    return act(
        request, case_id, "answer", form,
        lambda officer_id, at: services.answer(
            case_id=case_id, text=form.cleaned_data["text"], officer_id=officer_id, at=at
        ),
        done=gettext("The answer stands in the docket."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def forward(request: HttpRequest, case_id: int) -> HttpResponse:
    found = petition.found_case(case_id, staff=True)
    form = office.forward_form(found, request.POST)
    return act(
        request, case_id, "forward", form,
        lambda officer_id, at: services.forward(case_id=case_id, officer_id=officer_id, at=at, **form.cleaned_data),
        done=gettext("The case is passed on, and the petitioner is told."),
        to_desk=True,
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def longer(request: HttpRequest, case_id: int) -> HttpResponse:
    """A pre-assessment review takes up to 30 days longer."""
    form = forms.LongerForm(request.POST, auto_id="longer_%s")
    return act(
        request, case_id, "longer", form,
        lambda officer_id, at: services.take_longer(
            case_id=case_id, text=form.cleaned_data["text"], officer_id=officer_id, at=at
        ),
        done=gettext("The petitioner is told that it takes longer."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def rule(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write the ruling down."""
    found = petition.found_case(case_id, staff=True)
    form = office.ruling_form(found, request.POST)
    return act(
        request, case_id, "rule", form,
        lambda officer_id, at: services.draft_ruling(
            case_id=case_id, says=form.says(form.cleaned_data), officer_id=officer_id, at=at
        ),
        done=gettext("The draft is kept. Who decided signs it."),
    )  # fmt: skip


@office_required(Role.CHAIR)
@recent_code_required
@require_POST
def sign(request: HttpRequest, case_id: int) -> HttpResponse:
    """What is dismissed without the committee; the seal under its rulings is set at the members' page of the case."""
    form = ReadForm(request.POST)
    return act(
        request, case_id, "sign", form,
        lambda officer_id, at: services.sign_ruling(
            case_id=case_id, sha256=form.cleaned_data["sha256"], officer_id=officer_id, at=at
        ),
        done=gettext("The ruling is signed. The clerk serves it."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def serve(request: HttpRequest, case_id: int) -> HttpResponse:
    form = forms.ServeRulingForm(request.POST, auto_id="serve_%s")

    def serves(officer_id: int, at: datetime) -> None:
        told = form.cleaned_data
        services.serve_ruling(
            case_id=case_id,
            how=How(told["how"]),
            tracking=told["tracking"],
            on=told["on"],
            officer_id=officer_id,
            at=at,
        )

    done = gettext("The ruling is served and is being carried out.")
    if request.POST.get("how") == How.POST:
        done = gettext("The letter is noted. Enter what the post says of it as soon as it is known.")
    return act(request, case_id, "serve", form, serves, done=done)


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    """The petitioner wrote, or came, to withdraw it."""
    kind = petition.found_case(case_id, staff=True).summary.kind
    form = WithdrawForm(request.POST, auto_id="withdraw_%s", kind=kind)
    return act(
        request, case_id, "withdraw", form,
        lambda _, at: services.withdraw(case_id=case_id, reason=form.cleaned_data["reason"], at=at),
        done=gettext("The petition is withdrawn."),
    )  # fmt: skip


def act(
    request: HttpRequest,
    case_id: int,
    name: str,
    form: Form,
    work: Callable[[int, datetime], None],
    *,
    done: str,
    to_desk: bool = False,
) -> HttpResponse:
    """Do it, or show the case again with what was typed and what is wrong with it."""
    found = petition.found_case(case_id, staff=True)
    officer_id = officer_of(request).account_id
    if carried_out(request, form, lambda at: work(officer_id, at), told=done):
        return redirect("appeals:desk") if to_desk else redirect("appeals:case", case_id)
    return office.page(request, found, **{name: form})
