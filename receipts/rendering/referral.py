"""The cover of a file for the Tax Tribunal (심판청구 기록 송부서): what is in it, and its hash.

Its facts: {"taxpayer": {"name"}, "body": {"kind", "ko", "en"}: who levied and sends it, "number", "tribunal_number": ""
where it is not known, "bill": {"ko", "en"}, "seized_on", "made_on", "index": [[title, first page], …], "pages",
"sha256" of the file, "currency"}; beside them, for lists of documents, "lines" and a "total" of 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from receipts.rendering.facts import Label, UnreadableFacts
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import BODY, FIGURE, STRONG, Issue, document, fact, head_cell
from receipts.rendering.parts import signed, written_day
from receipts.rendering.sheet import QUIET, Cell, Sheet, Style, Text

TITLE = Label("심판청구 기록 송부서", "File for the Tax Tribunal")


@dataclass(frozen=True)
class ReferralFacts:
    name: str
    number: str
    tribunal_number: str
    body: Label
    body_kind: str
    bill: Label
    seized_on: date
    made_on: date
    index: tuple[tuple[str, int], ...]
    pages: int
    sha256: str

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> ReferralFacts:
        try:
            return cls(
                name=str(facts["taxpayer"]["name"]),
                number=str(facts["number"]),
                tribunal_number=str(facts["tribunal_number"]),
                body=Label.read(facts["body"]),
                body_kind=str(facts["body"].get("kind") or ""),
                bill=Label.read(facts["bill"]),
                seized_on=date.fromisoformat(facts["seized_on"]),
                made_on=date.fromisoformat(facts["made_on"]),
                index=tuple((str(title), int(page)) for title, page in facts["index"]),
                pages=int(facts["pages"]),
                sha256=str(facts["sha256"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableFacts(f"{type(error).__name__}: {error}") from error


def render_referral(*, facts: ReferralFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""

    def fill(sheet: Sheet) -> None:
        sheet.y -= 4
        sheet.paragraph(Text(TITLE.ko, Style(22, BOLD, align="center")), role="H1")
        sheet.paragraph(Text(TITLE.en, Style(11, color=QUIET, align="center")), after=12)
        rows = [
            fact(sheet, "기록번호", "File no.", facts.number, STRONG),
            fact(sheet, "심판청구번호", "Tribunal no.", facts.tribunal_number or "–"),
            fact(sheet, "청구인", "Petitioner", facts.name),
            fact(sheet, "대상 처분", "Bill", str(facts.bill)),
            fact(sheet, "청구일", "Tribunal seized on", written_day(facts.seized_on)),
            fact(sheet, "작성일", "Made on", written_day(facts.made_on)),
            fact(sheet, "쪽수", "Pages", str(facts.pages)),
        ]
        sheet.table(rows, after=12)
        _index(sheet, facts)
        sheet.paragraph(Text("기록의 해시값(SHA-256)  Hash of the file", STRONG), role="H2", after=3)
        for half in (facts.sha256[:32], facts.sha256[32:]):
            sheet.paragraph(Text(half, BODY), after=2)
        sheet.y -= 8
        said = Label("위 기록을 조세심판원에 송부합니다.", "This file is sent to the Tax Tribunal.")
        signed(sheet, said, letterhead.head_of(kind=facts.body_kind, body=facts.body), issue.issued_at, letterhead)

    title = f"{TITLE.ko} {TITLE.en}"
    return document(letterhead=letterhead, issue=issue, title=title, subject=TITLE.ko, fill=fill)


def _index(sheet: Sheet, facts: ReferralFacts) -> None:
    widths = [sheet.width * 0.8, sheet.width * 0.2]
    rows: list[Sequence[Cell]] = [[head_cell("목록", "Contents", widths[0]), head_cell("쪽", "Page", widths[1])]]
    for title, page in facts.index:
        texts = [Text(printable(title, longest=120), BODY)]
        rows.append([Cell(texts, widths[0]), Cell([Text(str(page), FIGURE)], widths[1])])
    sheet.table(rows, heads=1, after=12)
