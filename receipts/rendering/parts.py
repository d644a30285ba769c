"""What bills and notices have in common: ways to pay or be paid, the calculation, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from receipts.rendering.bill_facts import BillStep
from receipts.rendering.facts import Label
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import BODY, SMALL, STRONG, head_cell, money
from receipts.rendering.sheet import QUIET, Cell, Sheet, Style, Text


def written_day(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일 ({day.isoformat()})"


def ways(sheet: Sheet, title: str, how: Sequence[Label]) -> None:
    if how:
        sheet.paragraph(Text(title, STRONG), role="H2", after=3)
        for way in how:
            sheet.paragraph(Text(printable(f"· {way.ko}"), BODY), Text(printable(way.en), SMALL), after=3)
        sheet.y -= 6


def calculation(sheet: Sheet, steps: Sequence[BillStep], currency: str) -> None:
    """Each step with its article of law and what it comes to."""
    widths = [sheet.width * 0.46, sheet.width * 0.34, sheet.width * 0.2]
    names = (("계산", "Calculation"), ("근거", "Article"), ("금액", "Amount"))
    rows: list[Sequence[Cell]] = [[head_cell(ko, en, width) for (ko, en), width in zip(names, widths, strict=True)]]
    rows += [_step(step, currency, widths) for step in steps]
    if steps:
        sheet.table(rows, heads=1, after=14)


def _step(step: BillStep, currency: str, widths: Sequence[float]) -> list[Cell]:
    amount = "" if step.amount is None else money(step.amount, currency)
    return [
        Cell([Text(printable(step.text.ko), Style(8.5)), Text(printable(step.text.en), SMALL)], widths[0]),
        Cell([Text(printable(step.article.ko), Style(8.5)), Text(printable(step.article.en), SMALL)], widths[1]),
        Cell([Text(amount, Style(8.5, align="right"))], widths[2]),
    ]


def signed(sheet: Sheet, said: Label, head: Label, at: datetime, letterhead: Letterhead) -> None:
    """What the office says, on which day, and in whose name."""
    sheet.keep(90)
    quiet = Style(8, color=QUIET, align="center")
    day = at.astimezone(letterhead.zone)
    sheet.paragraph(Text(said.ko, Style(11, align="center")))
    sheet.paragraph(Text(said.en, quiet), after=8)
    sheet.paragraph(Text(f"{day.year}년 {day.month}월 {day.day}일", Style(11, align="center")), after=6)
    sheet.paragraph(Text(printable(head.ko, longest=200), Style(16, BOLD, align="center")))
    sheet.paragraph(Text(printable(head.en if head.en != head.ko else "", longest=200), quiet))
    sheet.paragraph(Text("(직인 생략 · 전자서명)  Seal omitted: signed electronically", quiet))
