"""The papers of a sitting, to be read on paper or without a network."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import Role, office_required, officer_of
from appeals.selectors import bench
from appeals.services.sitting_papers import papers_of
from core import clock


@office_required(Role.COMMITTEE_MEMBER, Role.CHAIR)
@require_GET
def papers(request: HttpRequest, panel_id: int) -> HttpResponse:
    """For who sits on the panel: of the cases from which nothing bars them."""
    at = clock.now()
    found = next((one for one in bench.own_panels(at=at) if one.id == panel_id), None)
    if found is None:
        raise Http404
    content = papers_of(panel=found, officer_id=officer_of(request).account_id, at=at)
    name = f"papers-{found.day.isoformat()}-{found.id}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
