"""A bill (고지서) as a signed file: what is owed and until when, how to pay, and how each sum came about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from receipts.rendering.bill_facts import BillFacts, BillStep
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
        _how(sheet, facts)
        _steps(sheet, facts)
        _statement(sheet, facts, letterhead, issue)
        _giro(sheet, facts)

    return document(
        letterhead=letterhead, issue=issue, title="납세고지서 Tax bill", subject="지방세 등 납세고지서", fill=fill
    )


def _day(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일 ({day.isoformat()})"


def _amount(sheet: Sheet, facts: BillFacts) -> None:
    big = [
        Text(money(facts.total, facts.currency), Style(19, BOLD, NAVY, "right")),
        Text(f"{_day(facts.on)} 기준 · as of this day", Style(8, align="right")),
    ]
    until = [Text(_day(facts.due_on), Style(12, BOLD, align="right"))]
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


def _how(sheet: Sheet, facts: BillFacts) -> None:
    if facts.how:
        sheet.paragraph(Text("납부 방법  How to pay", STRONG), role="H2", after=3)
        for way in facts.how:
            sheet.paragraph(Text(printable(f"· {way.ko}"), BODY), Text(printable(way.en), SMALL), after=3)
        sheet.y -= 6


def _steps(sheet: Sheet, facts: BillFacts) -> None:
    widths = [sheet.width * 0.46, sheet.width * 0.34, sheet.width * 0.2]
    names = (("계산", "Calculation"), ("근거", "Article"), ("금액", "Amount"))
    rows: list[Sequence[Cell]] = [[head_cell(ko, en, width) for (ko, en), width in zip(names, widths, strict=True)]]
    rows += [_step(step, facts, widths) for step in facts.steps]
    if facts.steps:
        sheet.table(rows, heads=1, after=14)


def _step(step: BillStep, facts: BillFacts, widths: Sequence[float]) -> list[Cell]:
    amount = "" if step.amount is None else money(step.amount, facts.currency)
    return [
        Cell([Text(printable(step.text.ko), Style(8.5)), Text(printable(step.text.en), SMALL)], widths[0]),
        Cell([Text(printable(step.article.ko), Style(8.5)), Text(printable(step.article.en), SMALL)], widths[1]),
        Cell([Text(amount, Style(8.5, align="right"))], widths[2]),
    ]


def _statement(sheet: Sheet, facts: BillFacts, letterhead: Letterhead, issue: Issue) -> None:
    sheet.keep(90)
    quiet = Style(8, color=QUIET, align="center")
    day = issue.issued_at.astimezone(letterhead.zone)
    head = letterhead.head_of(kind=facts.body_kind, body=facts.body)
    sheet.paragraph(Text("위와 같이 납부하여 주시기 바랍니다.", Style(11, align="center")))
    sheet.paragraph(Text("Please pay the amount above.", quiet), after=8)
    sheet.paragraph(Text(f"{day.year}년 {day.month}월 {day.day}일", Style(11, align="center")), after=6)
    sheet.paragraph(Text(printable(head.ko, longest=200), Style(16, BOLD, align="center")))
    sheet.paragraph(Text(printable(head.en if head.en != head.ko else "", longest=200), quiet))
    sheet.paragraph(Text("(직인 생략 · 전자서명)  Seal omitted: signed electronically", quiet))


def _giro(sheet: Sheet, facts: BillFacts) -> None:
    """The foot that a bank's machine reads, in one piece and with nothing beside it."""
    if facts.giro is None:
        return
    sheet.keep(96)
    sheet.y -= 14
    sheet.paragraph(Text("지로  Giro", STRONG), role="H2", after=3)
    sums = (
        f"지로번호 {facts.giro.number} · 금액 {money(facts.total, facts.currency)} · {_day(facts.giro.until)}까지",
        f"Giro number, amount, and until when banks take exactly this amount ({facts.giro.until.isoformat()})",
    )
    sheet.paragraph(Text(sums[0], BODY), Text(sums[1], SMALL), after=8)
    sheet.paragraph(Text(printable(facts.giro.line), Style(11, align="center")), after=10)
