"""What the levying office does about a bill that it has to examine anew; each is a form and one call."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import Role, office_required, recent_code_required
from appeals import desk_forms as forms
from appeals import services
from appeals.bench_forms import ReadForm
from appeals.states import How
from appeals.views import petition
from appeals.views.acts import act
from appeals.views.anew import result_form


@office_required(Role.ASSESSOR, Role.COLLECTOR)
@recent_code_required
@require_POST
def write_result(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write down what was found."""
    found = petition.found_case(case_id, staff=True)
    form = result_form(found, request.POST)
    return act(
        request, case_id, "write_result", form,
        lambda officer_id, at: services.write_result(
            case_id=case_id, found=form.found(), officer_id=officer_id, at=at
        ),
        done=gettext("The result is kept. An approver of your office confirms it."),
    )  # fmt: skip


@office_required(Role.APPROVER)
@recent_code_required
@require_POST
def confirm_result(request: HttpRequest, case_id: int) -> HttpResponse:
    """Another officer of the levying office confirms what they read."""
    form = ReadForm(request.POST)
    return act(
        request, case_id, "confirm_result", form,
        lambda officer_id, at: services.confirm_result(
            case_id=case_id, sha256=form.cleaned_data["sha256"], officer_id=officer_id, at=at
        ),
        done=gettext("The result is confirmed. The office serves it."),
    )  # fmt: skip


@office_required(Role.ASSESSOR, Role.COLLECTOR)
@recent_code_required
@require_POST
def serve_result(request: HttpRequest, case_id: int) -> HttpResponse:
    form = forms.ServeForm(request.POST, auto_id="result_%s")

    def serves(officer_id: int, at: datetime) -> None:
        told = {**form.cleaned_data, "how": How(form.cleaned_data["how"])}
        services.serve_result(case_id=case_id, officer_id=officer_id, at=at, **told)

    done = gettext("The result is served and is being carried out.")
    return act(request, case_id, "serve_result", form, serves, done=done)
