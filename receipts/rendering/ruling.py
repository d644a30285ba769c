"""A ruling of the open tax court (이의신청 결정서, 과세전적부심사 결정서): what was decided, why, how to appeal.

Its facts: {"taxpayer": {"name"}, "body": {"kind", "ko", "en"}: who decided, "levied_by": {"ko", "en"}, "number",
"bill": {"ko", "en"}, "filed_on", "decided_on", "outcome": {"ko", "en"}, "amounts": [{"item": {"ko", "en"}, "amount"}]:
what each tax of a corrected bill comes to, in minor units, "reasons": text as the chair signed it, "remedy": {"ko",
"en"}, "currency"}; of the committee "bench": [{"ko", "en"}], those who decided, and "vote": {"ko", "en"}, that it was
carried, not who voted how; of another kind of case than an objection its "title": {"ko", "en"}; beside them, for lists
of documents, "lines" and a "total" of 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from receipts.rendering.bill_facts import BillLine
from receipts.rendering.facts import Label, UnreadableFacts
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import BODY, FIGURE, SMALL, STRONG, Issue, document, fact, head_cell, money
from receipts.rendering.parts import signed, written_day
from receipts.rendering.sheet import QUIET, Cell, Sheet, Style, Text

TITLE: Final = Label("이의신청 결정서", "Decision on an Objection")


@dataclass(frozen=True)
class RulingFacts:
    name: str
    number: str
    body: Label
    body_kind: str
    levied_by: Label
    bill: Label
    filed_on: date
    decided_on: date
    outcome: Label
    amounts: tuple[BillLine, ...]
    reasons: str
    remedy: Label
    currency: str
    bench: tuple[Label, ...] = ()
    vote: Label | None = None
    title: Label = TITLE

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> RulingFacts:
        try:
            return cls(
                name=str(facts["taxpayer"]["name"]),
                number=str(facts["number"]),
                body=Label.read(facts["body"]),
                body_kind=str(facts["body"].get("kind") or ""),
                levied_by=Label.read(facts["levied_by"]),
                bill=Label.read(facts["bill"]),
                filed_on=date.fromisoformat(facts["filed_on"]),
                decided_on=date.fromisoformat(facts["decided_on"]),
                outcome=Label.read(facts["outcome"]),
                amounts=tuple(BillLine(Label.read(one["item"]), int(one["amount"])) for one in facts["amounts"]),
                reasons=str(facts["reasons"]),
                remedy=Label.read(facts["remedy"]),
                currency=str(facts["currency"]),
                bench=tuple(Label.read(one) for one in facts.get("bench", ())),
                vote=Label.read(facts["vote"]) if facts.get("vote") else None,
                title=Label.read(facts["title"]) if facts.get("title") else TITLE,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableFacts(f"{type(error).__name__}: {error}") from error


def render_ruling(*, facts: RulingFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""

    def fill(sheet: Sheet) -> None:
        sheet.y -= 4
        sheet.paragraph(Text(facts.title.ko, Style(22, BOLD, align="center")), role="H1")
        sheet.paragraph(Text(facts.title.en, Style(11, color=QUIET, align="center")), after=12)
        rows = [
            fact(sheet, "사건번호", "Case no.", facts.number, STRONG),
            fact(sheet, "신청인", "Petitioner", facts.name),
            fact(sheet, "처분청", "Levied by", str(facts.levied_by)),
            fact(sheet, "대상 처분", "Bill", str(facts.bill)),
            fact(sheet, "신청일", "Filed on", written_day(facts.filed_on)),
            fact(sheet, "결정일", "Decided on", written_day(facts.decided_on)),
            fact(sheet, "주문", "Ruling", str(facts.outcome), STRONG),
        ]
        sheet.table(rows, after=12)
        _amounts(sheet, facts)
        sheet.paragraph(Text("이유  Reasons", STRONG), role="H2", after=3)
        for part in facts.reasons.splitlines():
            if part.strip():
                sheet.paragraph(Text(printable(part), BODY), after=5)
        sheet.y -= 4
        sheet.paragraph(Text("불복 방법  How to appeal", STRONG), role="H2", after=3)
        sheet.paragraph(Text(facts.remedy.ko, BODY), Text(facts.remedy.en, SMALL), after=14)
        _bench(sheet, facts)
        said = Label("위와 같이 결정합니다.", "So it is decided.")
        head = letterhead.head_of(kind=facts.body_kind, body=facts.body)
        signed(sheet, said, head, issue.issued_at, letterhead)

    title = f"{facts.title.ko} {facts.title.en}"
    return document(letterhead=letterhead, issue=issue, title=title, subject=facts.title.ko, fill=fill)


def _bench(sheet: Sheet, facts: RulingFacts) -> None:
    """Who decided, and that it was carried (합의한 위원)."""
    if facts.vote is None:
        return
    sheet.paragraph(Text("심의·의결한 위원  Who decided", STRONG), role="H2", after=3)
    sheet.paragraph(Text(printable(facts.vote.ko), BODY), Text(printable(facts.vote.en), SMALL), after=3)
    for one in facts.bench:
        sheet.paragraph(Text(printable(one.ko), BODY), Text(printable(one.en), SMALL))
    sheet.y -= 14


def _amounts(sheet: Sheet, facts: RulingFacts) -> None:
    if not facts.amounts:
        return
    widths = [sheet.width * 0.7, sheet.width * 0.3]
    heads = [head_cell("경정 후 세목", "Tax as corrected", widths[0]), head_cell("금액", "Amount", widths[1])]
    rows: list[Sequence[Cell]] = [heads]
    for line in facts.amounts:
        texts = [Text(printable(line.item.ko), BODY), Text(printable(line.item.en), SMALL)]
        rows.append([Cell(texts, widths[0]), Cell([Text(money(line.amount, facts.currency), FIGURE)], widths[1])])
    sheet.table(rows, heads=1, after=12)
