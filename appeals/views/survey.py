"""How satisfied somebody is, once the ruling was served; kept sealed until it is counted with others."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import Assurance, citizen_required
from appeals.selectors import figures
from appeals.services import survey
from appeals.survey_forms import SurveyForm
from appeals.views import petition
from core import clock
from core.acting import carried_out


@citizen_required(assurance=Assurance.IDENTITY)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, case_id: int) -> HttpResponse:
    found = petition.found_case(case_id)
    if not figures.may_answer(case_id, at=clock.now()):
        raise Http404
    form = SurveyForm(request.POST or None)

    def answers(at: datetime) -> None:
        survey.answer(case_id=case_id, score=form.cleaned_data["score"], at=at)

    if carried_out(
        request, form, answers, told=gettext("Thank you. Your answer is locked, and opened only together with others.")
    ):
        return redirect("appeals:case", case_id)
    context = {"case": found, "form": form}
    return render(request, "appeals/survey.html", context, status=422 if form.is_bound else 200)
