"""A refund notice (지방세환급금 통지서): what goes back and why, until when it can be claimed, and how."""

from __future__ import annotations

from collections.abc import Sequence

from receipts.rendering.facts import Label
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import (
    BODY,
    FIGURE,
    SMALL,
    STRONG,
    Issue,
    document,
    fact,
    head_cell,
    label_cell,
    money,
)
from receipts.rendering.parts import calculation, signed, ways, written_day
from receipts.rendering.refund_facts import RefundFacts
from receipts.rendering.sheet import NAVY, PALE, QUIET, Cell, Sheet, Style, Text


def render_refund(*, facts: RefundFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""

    def fill(sheet: Sheet) -> None:
        sheet.y -= 4
        sheet.paragraph(Text("지방세환급금 통지서", Style(22, BOLD, align="center")), role="H1")
        sheet.paragraph(Text("Notice of a Refund", Style(11, color=QUIET, align="center")), after=12)
        _amount(sheet, facts)
        _names(sheet, facts)
        _lines(sheet, facts)
        ways(sheet, "받는 방법  How to get it", facts.how)
        calculation(sheet, facts.steps, facts.currency)
        said = Label("위와 같이 지방세환급금을 통지합니다.", "We notify you of the refund above.")
        signed(sheet, said, letterhead.head_of(kind=facts.body_kind, body=facts.body), issue.issued_at, letterhead)

    title = "지방세환급금 통지서 Refund notice"
    return document(letterhead=letterhead, issue=issue, title=title, subject="지방세환급금 통지서", fill=fill)


def _amount(sheet: Sheet, facts: RefundFacts) -> None:
    big = [
        Text(money(facts.total, facts.currency), Style(19, BOLD, NAVY, "right")),
        Text(f"{written_day(facts.on)} 기준 · as of this day", Style(8, align="right")),
    ]
    until = [Text(written_day(facts.claim_until), Style(12, BOLD, align="right"))]
    rows = [
        [label_cell("환급할 금액", "Refund", sheet.width * 0.24), Cell(big, sheet.width * 0.76)],
        [label_cell("청구 기한", "Claim until", sheet.width * 0.24), Cell(until, sheet.width * 0.76)],
    ]
    sheet.table(rows, after=12)


def _names(sheet: Sheet, facts: RefundFacts) -> None:
    rows = [fact(sheet, "납세자", "Taxpayer", facts.taxpayer, STRONG)]
    named = (
        ("환급번호", "Refund no.", facts.reference),
        ("환급사유", "Cause", str(facts.cause)),
        ("환급기관", "Paid back by", str(facts.body)),
    )
    rows += [fact(sheet, ko, en, value) for ko, en, value in named if value]
    sheet.table(rows, after=12)


def _lines(sheet: Sheet, facts: RefundFacts) -> None:
    widths = [sheet.width * 0.7, sheet.width * 0.3]
    rows: list[Sequence[Cell]] = [[head_cell("내역", "Item", widths[0]), head_cell("금액", "Amount", widths[1])]]
    for line in facts.lines:
        texts = [Text(printable(line.item.ko), BODY), Text(printable(line.item.en), SMALL)]
        rows.append([Cell(texts, widths[0]), Cell([Text(money(line.amount, facts.currency), FIGURE)], widths[1])])
    total = [Text(money(facts.total, facts.currency), Style(10.5, BOLD, align="right"))]
    rows.append([label_cell("합계", "Total", widths[0]), Cell(total, widths[1], PALE)])
    sheet.table(rows, heads=1, after=12)
