"""One side's file as one PDF: its words in front, its exhibits with running page numbers to cite (갑 12쪽)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext

from appeals.models import Evidence, Paged
from appeals.selectors import cases
from appeals.selectors.facts import CaseDetail
from appeals.states import Event, Side
from core import audit, clock
from core.evidence import Scan
from receipts.services.bind_papers import Exhibit, Inserted, Part, Words, bind_side, pages_of

# How Korean courts name the two sides. A citation is the same in any language.
MARKS: Final = {Side.PETITIONER: "갑", Side.OFFICE: "을"}
KINDS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg"}
AT_ONCE: Final = 100


def count_pages(*, at: datetime) -> int:
    """Worker: count the pages of files that were looked at; how many files. Done again it counts what is new."""
    filed = Evidence.objects.filter(paged=None, case__number__isnull=False)
    waiting = filed.exclude(scan=Scan.WAITING).order_by("pk")
    found = []
    for file in waiting[:AT_ONCE]:
        opened = file.opened()
        many = pages_of(_inserted(file.name, opened)) if opened else 1
        found.append(Paged(file=file, pages=many))
    Paged.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def side_file(*, case_id: int, side: Side, at: datetime) -> bytes:
    """What the reader may see of one side's file. A page that is sealed from them keeps its number, and says so.

    Raises NoSuchCase. That it was taken is audited.
    """
    case = cases.detail(case_id, at=at)
    shown = {file.id: file for file in case.files}
    exhibits = []
    for number, (file_id, pages) in enumerate(_places(case_id, side), 1):
        label, file, why = f"{MARKS[side]} 제{number}호증", None, gettext("Sealed: it is not for you to read.")
        if file_id in shown:
            label += f" {shown[file_id].name}"
            opened = cases.file_content(case_id=case_id, file_id=file_id)
            file = _inserted(shown[file_id].name, opened) if opened else None
            why = gettext("It can't be opened.")
        exhibits.append(Exhibit(label=label, pages=pages, file=file, why=why))
    audit.record(action="appeal.side_file_taken", subject=f"case:{case_id}", details={"side": side.value})
    named = "" if case.sealed else f" {case.summary.number}"
    titles = {
        Side.PETITIONER: gettext("File of the petitioner"),
        Side.OFFICE: gettext("File of the levying office"),
    }
    return bind_side(
        title=f"{MARKS[side]}: {titles[side]}{named}",
        mark=MARKS[side],
        front=Part(title="", texts=_texts(case, side)),
        exhibits=exhibits,
        words=Words(contents=gettext("Exhibits"), left_out=""),
    )


def _places(case_id: int, side: Side) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT file_id, pages FROM appeals_places(%s) WHERE side = %s", [case_id, side.value])
        return [(int(file_id), int(pages)) for file_id, pages in cursor.fetchall()]


def _inserted(name: str, opened: tuple[str, str, bytes]) -> Inserted:
    return Inserted(name=name, kind=KINDS[opened[1]], content=opened[2])


def _texts(case: CaseDetail, side: Side) -> list[tuple[str, str]]:
    """What the side said: the petition, what was mended; or the answer and the replies."""
    said = [
        (f"{clock.local_date(line.at).isoformat()} {line.label}", line.text)
        for line in case.docket
        if line.side == side and line.text and line.event != Event.EVIDENCE
    ]
    if side != Side.PETITIONER:
        return said
    wish = case.wish_label + (f": {case.wish_amount:,}" if case.wish_amount else "")
    return [(gettext("What is asked"), wish), (gettext("Grounds"), case.grounds), *said]
