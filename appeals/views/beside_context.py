"""What the office's page of a case says of who stands beside the petitioner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from accounts.access import OfficerFacts, Role, own_file
from appeals import advocate_forms as forms
from appeals.selectors import advocacy, counsel, papers
from appeals.selectors.facts import CaseDetail
from core import clock


def beside_of(officer: OfficerFacts, found: CaseDetail, bound: Mapping[str, Form]) -> dict[str, Any]:
    """Advocate, filed briefs and questions, with the forms that this officer may send; `bound` is the refused one."""
    case_id = found.summary.id
    running = found.summary.running and not own_file(officer, found.taxpayer_id)
    hears = officer.of_the_city or officer.body == found.authority
    clerk = running and hears and Role.COURT_CLERK in officer.roles
    seen = advocacy.beside(case_id=case_id)
    asked = counsel.requests_of(case_id, at=clock.now()) if Role.COURT_CLERK in officer.roles else []
    offered: dict[str, Form] = {}
    if clerk and found.at_counter and seen.may_ask:
        offered["another"] = forms.AnotherForm(auto_id="another_%s")
    if clerk and any(one.waits for one in asked):
        offered["counsel"] = forms.DecideCounselForm(auto_id="counsel_%s")
    return {
        "beside": seen,
        "briefs": papers.filed_briefs(case_id=case_id),
        "questions": _questions(
            case_id, bound, replies=running and bool(officer.roles & {Role.ASSESSOR, Role.COLLECTOR})
        ),
        "counsels": asked,
        **offered,
        **{name: form for name, form in bound.items() if not name.startswith("reply-")},
    }


def _questions(case_id: int, bound: Mapping[str, Form], *, replies: bool) -> list[tuple[papers.Question, Form | None]]:
    """Each with a form for the reply that is owed."""
    return [
        (
            one,
            bound.get(f"reply-{one.id}", forms.ReplyForm(auto_id=f"reply{one.id}_%s"))
            if replies and one.reply is None
            else None,
        )
        for one in papers.questions_of(case_id=case_id)
    ]
