"""The papers of a sitting as one PDF, for a member who sits: what they may read, case by case, pages numbered."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from appeals.models import Minutes
from appeals.selectors import cases
from appeals.selectors.bench_facts import PanelShown
from appeals.selectors.facts import CaseDetail
from appeals.states import INTERNAL, Side
from core import audit, clock
from receipts.services.bind_papers import Inserted, Part, Words, bind_papers

# Of all files of a sitting together; what is more is named and left out.
MOST_BYTES: Final = 60_000_000


def papers_of(*, panel: PanelShown, officer_id: int, at: datetime) -> bytes:
    """What the reader may see of each case: petition, answer, course, files. That it was taken is audited."""
    parts, room = [], MOST_BYTES
    for one in panel.cases:
        if one.summary is None:
            continue
        part, used = part_of(cases.detail(one.case_id, at=at), room)
        parts.append(part)
        room -= used
        audit.record(action="appeal.papers_taken", subject=f"case:{one.case_id}", actor_id=officer_id)
    return bind_papers(
        title=gettext("Papers of the sitting on %(day)s") % {"day": panel.day.isoformat()},
        subtitle=gettext("%(begins)s, %(room)s. Taken on %(day)s, for members who sit only.")
        % {"begins": panel.begins, "room": panel.room, "day": clock.local_date(at).isoformat()},
        parts=parts,
        words=Words(contents=gettext("Cases"), left_out=gettext("Not in this file")),
    )


def part_of(case: CaseDetail, room: int) -> tuple[Part, int]:
    """A case as a part of a bundle, with its files as far as `room` bytes go; and how many they take."""
    used, files, left_out = 0, [], []
    for shown in case.files:
        found = cases.file_content(case_id=case.summary.id, file_id=shown.id) if shown.opens else None
        if found is None or used + len(found[2]) > room:
            left_out.append(shown.name)
            continue
        name, media, content = found
        used += len(content)
        kind = {"application/pdf": "pdf", "image/png": "png"}.get(media, "jpeg")
        files.append(Inserted(name=f"{shown.by}: {shown.name or name}", kind=kind, content=content))
    return Part(title=_title(case), texts=_texts(case), files=files, left_out=left_out), used


def _title(case: CaseDetail) -> str:
    bill = case.summary.bill
    return f"{case.summary.number} {case.summary.name}" + (f", {bill.tax_ko} {bill.tax_year}" if bill else "")


def _texts(case: CaseDetail) -> list[tuple[str, str]]:
    wish = case.wish_label + (f": {case.wish_amount:,}" if case.wish_amount else "")
    answers = [line.text for line in case.docket if line.side == Side.OFFICE and line.text]
    course = [
        f"{clock.local_date(line.at).isoformat()} {line.label} ({line.by})"
        for line in case.docket
        if line.event not in INTERNAL
    ]
    deadlines = [f"{one.label} {one.last_day.isoformat()}" for one in case.deadlines]
    rows = Minutes.objects.filter(slot__case_id=case.summary.id).order_by("slot_id", "version")
    minutes = list({row.slot_id: row.text for row in rows}.values())  # the newest of each hearing
    return [
        (gettext("What is asked"), wish),
        (gettext("Grounds"), case.grounds),
        (gettext("Answer of the levying office"), "\n".join(answers) or "–"),
        (gettext("Minutes"), "\n".join(minutes) or "–"),
        (gettext("Deadlines"), "\n".join(deadlines) or "–"),
        (gettext("Course of the case"), "\n".join(course)),
    ]
