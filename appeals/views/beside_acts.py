"""What the office does about advocates in a case: the reply of who levied, and what the clerk decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import Role, office_required, recent_code_required
from appeals import advocate_forms as forms
from appeals.services import counsel as counsels
from appeals.services import papers as letters
from appeals.services import pool
from appeals.views import office, petition
from core.acting import carried_out


@office_required(Role.ASSESSOR, Role.COLLECTOR)
@recent_code_required
@require_POST
def reply(request: HttpRequest, case_id: int, question_id: int) -> HttpResponse:
    """The office that levied replies to the advocate."""
    form = forms.ReplyForm(request.POST, auto_id=f"reply{question_id}_%s")
    return _act(
        request, case_id, f"reply-{question_id}", form,
        lambda at: letters.reply(question_id=question_id, text=form.cleaned_data["text"], at=at),
        done=gettext("The reply stands on the docket."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def another(request: HttpRequest, case_id: int) -> HttpResponse:
    """The petitioner came to the counter and wants another advocate."""
    form = forms.AnotherForm(request.POST, auto_id="another_%s")
    return _act(
        request, case_id, "another", form,
        lambda at: pool.ask_another(case_id=case_id, reason=form.cleaned_data["reason"], at=at),
        done=gettext("Another advocate is drawn."),
    )  # fmt: skip


@office_required(Role.COURT_CLERK)
@recent_code_required
@require_POST
def decide_counsel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Appoint a professional, or say why not."""
    form = forms.DecideCounselForm(request.POST, auto_id="counsel_%s")

    def decides(at: datetime) -> None:
        told = form.cleaned_data
        counsels.decide_counsel(
            case_id=case_id,
            grants=told["grants"] == "yes",
            because=told["because"],
            name=told["name"],
            contact=told["contact"],
            at=at,
        )

    return _act(request, case_id, "counsel", form, decides, done=gettext("Decided. The petitioner is told."))


def _act(
    request: HttpRequest, case_id: int, name: str, form: Form, work: Callable[[datetime], None], *, done: str
) -> HttpResponse:
    found = petition.found_case(case_id, staff=True)
    if carried_out(request, form, work, told=done):
        return redirect("appeals:case", case_id)
    return office.page(request, found, {name: form})
