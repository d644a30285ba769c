"""Opening a file of a case."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from appeals.selectors import cases
from appeals.services.side_file import side_file
from appeals.states import Side
from core import audit, clock
from core.evidence import answer_with


def opened(case_id: int, file_id: int) -> HttpResponse:
    """What the scanner passed, or a picture of our own drawing; it is never run in the page's name."""
    found = cases.file_content(case_id=case_id, file_id=file_id)
    if found is None:
        raise Http404
    audit.record(action="appeal.file_read", subject=f"case:{case_id}", details={"file": file_id})
    name, kind, content = found
    return answer_with(name=name, kind=kind, content=content)


def whole_side(case_id: int, side: str) -> HttpResponse:
    """One side's file with page numbers."""
    if side not in (Side.PETITIONER, Side.OFFICE):
        raise Http404
    content = side_file(case_id=case_id, side=Side(side), at=clock.now())
    return answer_with(name=f"file-{case_id}-{side}.pdf", kind="application/pdf", content=content)
