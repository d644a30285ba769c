"""A bill (고지서) as a signed file: what is owed and until when, how to pay, and how each sum came about."""

from __future__ import annotations

from collections.abc import Sequence

from receipts.rendering.bill_facts import BillFacts
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
from receipts.rendering.sheet import NAVY, PALE, QUIET, Cell, Sheet, Style, Text


def render_bill(*, facts: BillFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""

    def fill(sheet: Sheet) -> None:
        sheet.y -= 4
        sheet.paragraph(Text("납 세 고 지 서", Style(22, BOLD, align="center")), role="H1")
        sheet.paragraph(Text("Tax Bill", Style(11, color=QUIET, align="center")), after=12)
        _amount(sheet, facts)
        _names(sheet, facts)
        _lines(sheet, facts)
        ways(sheet, "납부 방법  How to pay", facts.how)
        calculation(sheet, facts.steps, facts.currency)
        said = Label("위와 같이 납부하여 주시기 바랍니다.", "Please pay the amount above.")
        signed(sheet, said, letterhead.head_of(kind=facts.body_kind, body=facts.body), issue.issued_at, letterhead)
        _giro(sheet, facts)

    return document(
        letterhead=letterhead, issue=issue, title="납세고지서 Tax bill", subject="지방세 등 납세고지서", fill=fill
    )


def _amount(sheet: Sheet, facts: BillFacts) -> None:
    big = [
        Text(money(facts.total, facts.currency), Style(19, BOLD, NAVY, "right")),
        Text(f"{written_day(facts.on)} 기준 · as of this day", Style(8, align="right")),
    ]
    until = [Text(written_day(facts.due_on), Style(12, BOLD, align="right"))]
    rows = [
        [label_cell("납부할 금액", "Amount to pay", sheet.width * 0.24), Cell(big, sheet.width * 0.76)],
        [label_cell("납부기한", "Pay until", sheet.width * 0.24), Cell(until, sheet.width * 0.76)],
    ]
    sheet.table(rows, after=12)


def _names(sheet: Sheet, facts: BillFacts) -> None:
    rows = [fact(sheet, "납세자", "Taxpayer", facts.taxpayer, STRONG)]
    for ko, en, value in (
        ("과세대상", "For", facts.object),
        ("과세기간", "Period", facts.period),
        ("과세기관", "Levied by", str(facts.body)),
        ("전자납부번호", "E-payment no.", facts.epay_number),
        ("납세번호", "Tax number", facts.tax_number),
    ):
        rows.append(fact(sheet, ko, en, value))
    sheet.table(rows, after=12)


def _lines(sheet: Sheet, facts: BillFacts) -> None:
    widths = [sheet.width * 0.7, sheet.width * 0.3]
    rows: list[Sequence[Cell]] = [[head_cell("세목", "Item", widths[0]), head_cell("금액", "Amount", widths[1])]]
    for line in facts.lines:
        texts = [Text(printable(line.item.ko), BODY), Text(printable(line.item.en), SMALL)]
        rows.append([Cell(texts, widths[0]), Cell([Text(money(line.amount, facts.currency), FIGURE)], widths[1])])
    total = [Text(money(facts.total, facts.currency), Style(10.5, BOLD, align="right"))]
    rows.append([label_cell("합계", "Total", widths[0]), Cell(total, widths[1], PALE)])
    sheet.table(rows, heads=1, after=12)


def _giro(sheet: Sheet, facts: BillFacts) -> None:
    """The foot that a bank's machine reads, in one piece and with nothing beside it."""
    if facts.giro is None:
        return
    sheet.keep(96)
    sheet.y -= 14
    sheet.paragraph(Text("지로  Giro", STRONG), role="H2", after=3)
    until = written_day(facts.giro.until)
    sums = (
        f"지로번호 {facts.giro.number} · 금액 {money(facts.total, facts.currency)} · {until}까지",
        f"Giro number, amount, and until when banks take exactly this amount ({facts.giro.until.isoformat()})",
    )
    sheet.paragraph(Text(sums[0], BODY), Text(sums[1], SMALL), after=8)
    sheet.paragraph(Text(printable(facts.giro.line), Style(11, align="center")), after=10)
