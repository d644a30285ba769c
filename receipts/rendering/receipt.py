"""Payment receipt, 납부확인서 (영수증): one page of A4 for a usual payment, as many as its lines need otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from receipts.rendering.facts import Line, ReceiptFacts
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
from receipts.rendering.words import amount_in_hangul


def render_receipt(*, facts: ReceiptFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""

    def fill(sheet: Sheet) -> None:
        _title(sheet)
        _amount(sheet, facts)
        _people(sheet, facts)
        _lines(sheet, facts)
        _payment(sheet, facts, letterhead)
        _statement(sheet, facts, letterhead, issue)

    return document(
        letterhead=letterhead,
        issue=issue,
        title="납부확인서 Payment receipt",
        subject="지방세 등 납부확인서 (영수증)",
        fill=fill,
    )


def _title(sheet: Sheet) -> None:
    sheet.y -= 4
    sheet.paragraph(Text("납 부 확 인 서 (영 수 증)", Style(22, BOLD, align="center")), role="H1")
    sheet.paragraph(Text("Payment Confirmation and Receipt", Style(11, color=QUIET, align="center")), after=12)


def _amount(sheet: Sheet, facts: ReceiptFacts) -> None:
    words = f"금 {facts.total:,}원 (금 {amount_in_hangul(facts.total)}원)" if facts.currency == "KRW" else ""
    big = [
        Text(money(facts.total, facts.currency), Style(19, BOLD, NAVY, "right")),
        Text(words, Style(9, align="right")),
    ]
    label = label_cell("납부금액", "Amount paid", sheet.width * 0.24)
    sheet.table([[label, Cell(big, sheet.width * 0.76)]], after=12)


def _people(sheet: Sheet, facts: ReceiptFacts) -> None:
    rows = [fact(sheet, "납세자", "Taxpayer", facts.taxpayer, STRONG)]
    if facts.address:
        rows.append(fact(sheet, "주소", "Address", facts.address))
    if facts.payer and facts.payer != facts.taxpayer:
        rows.append(fact(sheet, "납부한 사람", "Paid by", facts.payer))
    sheet.table(rows, after=12)


def _lines(sheet: Sheet, facts: ReceiptFacts) -> None:
    widths = [sheet.width * share for share in (0.37, 0.16, 0.28, 0.19)]
    names = (("세목", "Item"), ("과세기간", "Period"), ("전자납부번호", "E-payment no."), ("금액", "Amount"))
    head = [head_cell(ko, en, width) for (ko, en), width in zip(names, widths, strict=True)]
    rows: list[Sequence[Cell]] = [head]
    rows += [_line(line, facts, widths) for line in facts.lines]
    total = [Text(money(facts.total, facts.currency), Style(10.5, BOLD, align="right"))]
    rows.append([label_cell("합계", "Total", sum(widths[:3])), Cell(total, widths[3], PALE)])
    sheet.table(rows, heads=1, after=12)


def _line(line: Line, facts: ReceiptFacts, widths: Sequence[float]) -> list[Cell]:
    number = f"납세번호 {printable(line.tax_number)}" if line.tax_number else ""
    english = line.item.en if line.item.en != line.item.ko else ""
    item = [Text(printable(line.item.ko), BODY), Text(printable(english), SMALL), Text(number, SMALL)]
    amount = Text(money(line.amount, facts.currency), FIGURE)
    return [
        Cell(item, widths[0]),
        Cell([Text(printable(line.period), Style(9, align="center"))], widths[1]),
        Cell([Text(printable(line.number), Style(9, align="center"))], widths[2]),
        Cell([amount], widths[3]),
    ]


def _payment(sheet: Sheet, facts: ReceiptFacts, letterhead: Letterhead) -> None:
    at = facts.paid_at.astimezone(letterhead.zone)
    shown = f"{at.year}년 {at.month}월 {at.day}일 {at:%H:%M:%S} ({at:%Y-%m-%d %H:%M:%S %Z})"
    rows = [fact(sheet, "납부일시", "Paid at", shown)]
    optional = (
        ("납부방법", "Channel", str(facts.channel)),
        ("거래번호", "Transaction", facts.transaction),
        ("과세기관", "Levied by", str(facts.body)),
    )
    rows += [fact(sheet, ko, en, value) for ko, en, value in optional if value]
    sheet.table(rows, after=16)


def _statement(sheet: Sheet, facts: ReceiptFacts, letterhead: Letterhead, issue: Issue) -> None:
    sheet.keep(105)
    center = Style(11, align="center")
    quiet = Style(8, color=QUIET, align="center")
    date = issue.issued_at.astimezone(letterhead.zone)
    head = letterhead.head_of(kind=facts.body_kind, body=facts.body)
    sheet.paragraph(Text("위와 같이 납부하였음을 확인합니다.", center))
    sheet.paragraph(Text("We confirm that the amount above has been paid.", quiet), after=9)
    sheet.paragraph(Text(f"{date.year}년 {date.month}월 {date.day}일", center), after=7)
    sheet.paragraph(Text(printable(head.ko, longest=200), Style(16, BOLD, align="center")))
    english = head.en if head.en != head.ko else ""
    sheet.paragraph(Text(printable(english, longest=200), quiet))
    sheet.paragraph(Text("(직인 생략 · 전자서명)  Seal omitted: signed electronically", quiet))
