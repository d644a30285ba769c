"""What of a re-examination this officer may do now, as empty forms."""

from __future__ import annotations

from typing import Any

from django.forms import Form

from accounts.access import OfficerFacts, Role
from appeals import desk_forms as forms
from appeals.bench_forms import ReadForm
from appeals.selectors.anew import result_hash
from appeals.selectors.facts import CaseDetail
from appeals.states import ResultStatus
from appeals.views.bill_lines import lines_of
from core import clock


def offered_anew(officer: OfficerFacts, found: CaseDetail) -> dict[str, Form]:
    """Empty forms of what this officer may do about it now; who may, the database decides once more."""
    if not found.to_examine or not (officer.of_the_city or officer.body == found.body):
        return {}
    status = found.anew.status if found.anew else None
    levies = officer.roles & {Role.ASSESSOR, Role.COLLECTOR}
    if levies and status in (None, ResultStatus.WRITTEN):
        return _waits(officer, found) | {"write_result": result_form(found, None)}
    if levies and status == ResultStatus.CONFIRMED:
        return {"serve_result": forms.ServeForm(auto_id="result_%s", initial={"on": clock.local_date(clock.now())})}
    return _waits(officer, found)


def _waits(officer: OfficerFacts, found: CaseDetail) -> dict[str, Form]:
    """For a second officer, who reads it on this page."""
    if not found.anew or not found.anew.waits or Role.APPROVER not in officer.roles:
        return {}
    if found.anew.written_by == officer.account_id:
        return {}
    return {"confirm_result": ReadForm(initial={"sha256": result_hash(found.summary.id)})}


def result_form(found: CaseDetail, data: Any) -> forms.ResultForm:
    """With what was written, if it was."""
    initial: dict[str, object] = {}
    if found.anew:
        initial = {"result": found.anew.result, "reasons": found.anew.reasons}
        initial |= {f"line_{line}": won for line, won in found.anew.lines.items()}
    return forms.ResultForm(data, names=lines_of(found), initial=initial, auto_id="written_%s")
