"""Payment receipt, 납부확인서 (영수증): one page of A4 for a usual payment, as many as its lines need otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

import moneyed
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from receipts.rendering import fonts
from receipts.rendering.facts import Line, ReceiptFacts
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.qr import draw_qr
from receipts.rendering.sheet import NAVY, PALE, QUIET, Cell, Sheet, Style, Text
from receipts.rendering.words import amount_in_figures, amount_in_hangul

rl_config.useA85 = 0  # streams as bytes, not as letters: a fifth smaller and 4 ms sooner
LEFT, RIGHT = 20 * mm, A4[0] - 20 * mm
TOP, BOTTOM = A4[1] - 36 * mm, 43 * mm
LABEL: Final = Style(9, BOLD)
SMALL: Final = Style(7, color=QUIET)
BODY: Final = Style(9.5)
STRONG: Final = Style(9.5, BOLD)
FIGURE: Final = Style(9.5, align="right")


@dataclass(frozen=True)
class Issue:
    """How a document is named and found again."""

    number: str
    issued_at: datetime
    verify_url: str


def render_receipt(*, facts: ReceiptFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""
    content, pages = _draw(facts, letterhead, issue, pages=1)
    if pages > 1:  # the footer says how many there are, which only drawing tells
        content, _ = _draw(facts, letterhead, issue, pages=pages)
    return content


def _draw(facts: ReceiptFacts, letterhead: Letterhead, issue: Issue, *, pages: int) -> tuple[bytes, int]:
    out = BytesIO()
    first: Any = fonts.REGULAR  # else reportlab names Helvetica in every page, which is not embedded
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang="ko", initialFontName=first)
    _describe(canvas, letterhead, issue)

    def furniture(sheet: Sheet) -> None:
        _head(sheet, letterhead, issue)
        _foot(sheet, letterhead, issue, pages)

    sheet = Sheet(canvas, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM, furniture=furniture)
    _title(sheet)
    _amount(sheet, facts)
    _people(sheet, facts)
    _lines(sheet, facts)
    _payment(sheet, facts, letterhead)
    _statement(sheet, facts, letterhead, issue)
    sheet.finish()
    canvas.save()
    return out.getvalue(), sheet.page


def _describe(canvas: Canvas, letterhead: Letterhead, issue: Issue) -> None:
    canvas.setTitle(f"납부확인서 Payment receipt {issue.number}")
    canvas.setAuthor(printable(str(letterhead.city), longest=200))
    canvas.setSubject("지방세 등 납부확인서 (영수증)")
    canvas.setCreator("ETAX")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    moment = issue.issued_at.astimezone(UTC)
    stamp = SimpleNamespace(t=moment.timestamp(), YMDhms=moment.timetuple()[:6], dhh=0, dmm=0, datetime=moment)
    document: Any = canvas._doc  # type: ignore[attr-defined]  # reportlab would write its own clock's time
    document._timeStamp = stamp


def _head(sheet: Sheet, letterhead: Letterhead, issue: Issue) -> None:
    y = A4[1] - 20 * mm
    half = sheet.width / 2
    with sheet.tags.artifact():
        city = Text(_cut(printable(letterhead.city.ko), 16), Style(15, BOLD, NAVY))
        sheet.draw(city, sheet.left, y, half)
        sheet.draw(Text(_cut(printable(letterhead.city.en), 48), Style(8, color=QUIET)), sheet.left, y - 13, half)
        sheet.draw(Text("문서번호 Document No.", Style(7, color=QUIET, align="right")), sheet.left + half, y + 6, half)
        sheet.draw(Text(issue.number, Style(11, BOLD, align="right")), sheet.left + half, y - 8, half)
    sheet.rule(y - 23, color=NAVY, thickness=1.4)


def _foot(sheet: Sheet, letterhead: Letterhead, issue: Issue, pages: int) -> None:
    side = 26 * mm
    top = 40 * mm
    sheet.rule(top, color=NAVY, thickness=0.8)
    with sheet.tags.artifact():
        draw_qr(sheet.canvas, issue.verify_url, x=sheet.left - 3, y=top - side - 2, size=side)
        x, y, room = sheet.left + side + 8, top - 15, sheet.width - side - 8
        sheet.draw(
            Text(
                "이 문서는 전자서명되었습니다. 파일 원본이 곧 증명이며, 아래 주소에서 진위를 확인할 수 있습니다.",
                Style(8),
            ),
            x,
            y,
            room,
        )
        english = "This document is electronically signed. The file itself is the proof; check it at the address below."
        sheet.draw(Text(english, SMALL), x, y - 12, room)
        sheet.draw(Text(_cut(issue.verify_url, 90), Style(8, BOLD, NAVY)), x, y - 27, room)
        parts = dict.fromkeys((letterhead.address.ko, letterhead.address.en, letterhead.contact))
        letter = " · ".join(printable(part) for part in parts if part)
        sheet.draw(Text(_cut(letter, 95), SMALL), x, y - 42, room)
        sheet.draw(
            Text(f"{sheet.page} / {pages}", Style(8, color=QUIET, align="right")), sheet.left, 12 * mm, sheet.width
        )


def _title(sheet: Sheet) -> None:
    sheet.y -= 4
    sheet.paragraph(Text("납 부 확 인 서 (영 수 증)", Style(22, BOLD, align="center")), role="H1")
    sheet.paragraph(Text("Payment Confirmation and Receipt", Style(11, color=QUIET, align="center")), after=12)


def _amount(sheet: Sheet, facts: ReceiptFacts) -> None:
    words = f"금 {facts.total:,}원 (금 {amount_in_hangul(facts.total)}원)" if facts.currency == "KRW" else ""
    big = [Text(_money(facts.total, facts), Style(19, BOLD, NAVY, "right")), Text(words, Style(9, align="right"))]
    label = _label("납부금액", "Amount paid", sheet.width * 0.24)
    sheet.table([[label, Cell(big, sheet.width * 0.76)]], after=12)


def _people(sheet: Sheet, facts: ReceiptFacts) -> None:
    rows = [_fact(sheet, "납세자", "Taxpayer", facts.taxpayer, STRONG)]
    if facts.address:
        rows.append(_fact(sheet, "주소", "Address", facts.address))
    if facts.payer and facts.payer != facts.taxpayer:
        rows.append(_fact(sheet, "납부한 사람", "Paid by", facts.payer))
    sheet.table(rows, after=12)


def _lines(sheet: Sheet, facts: ReceiptFacts) -> None:
    widths = [sheet.width * share for share in (0.37, 0.16, 0.28, 0.19)]
    names = (("세목", "Item"), ("과세기간", "Period"), ("전자납부번호", "E-payment no."), ("금액", "Amount"))
    head = [_head_cell(ko, en, width) for (ko, en), width in zip(names, widths, strict=True)]
    rows: list[Sequence[Cell]] = [head]
    rows += [_line(line, facts, widths) for line in facts.lines]
    total = [Text(_money(facts.total, facts), Style(10.5, BOLD, align="right"))]
    rows.append([_label("합계", "Total", sum(widths[:3])), Cell(total, widths[3], PALE)])
    sheet.table(rows, heads=1, after=12)


def _line(line: Line, facts: ReceiptFacts, widths: Sequence[float]) -> list[Cell]:
    number = f"납세번호 {printable(line.tax_number)}" if line.tax_number else ""
    english = line.item.en if line.item.en != line.item.ko else ""
    item = [Text(printable(line.item.ko), BODY), Text(printable(english), SMALL), Text(number, SMALL)]
    amount = Text(_money(line.amount, facts), FIGURE)
    return [
        Cell(item, widths[0]),
        Cell([Text(printable(line.period), Style(9, align="center"))], widths[1]),
        Cell([Text(printable(line.number), Style(9, align="center"))], widths[2]),
        Cell([amount], widths[3]),
    ]


def _payment(sheet: Sheet, facts: ReceiptFacts, letterhead: Letterhead) -> None:
    at = facts.paid_at.astimezone(letterhead.zone)
    shown = f"{at.year}년 {at.month}월 {at.day}일 {at:%H:%M:%S} ({at:%Y-%m-%d %H:%M:%S %Z})"
    rows = [_fact(sheet, "납부일시", "Paid at", shown)]
    optional = (
        ("납부방법", "Channel", str(facts.channel)),
        ("거래번호", "Transaction", facts.transaction),
        ("과세기관", "Levied by", str(facts.body)),
    )
    rows += [_fact(sheet, ko, en, value) for ko, en, value in optional if value]
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


def _fact(sheet: Sheet, ko: str, en: str, value: str, style: Style = BODY) -> list[Cell]:
    return [_label(ko, en, sheet.width * 0.24), Cell([Text(printable(value), style)], sheet.width * 0.76)]


def _label(ko: str, en: str, width: float) -> Cell:
    return Cell([Text(ko, LABEL), Text(en, SMALL)], width, PALE, role="TH")


def _head_cell(ko: str, en: str, width: float) -> Cell:
    center = (Style(9, BOLD, align="center"), Style(7, color=QUIET, align="center"))
    return Cell([Text(ko, center[0]), Text(en, center[1])], width, PALE, role="TH")


def _money(minor: int, facts: ReceiptFacts) -> str:
    if facts.currency == "KRW":
        return amount_in_figures(minor)
    decimals = moneyed.get_currency(facts.currency).sub_unit
    return amount_in_figures(minor, symbol=f"{facts.currency} ", decimals=len(str(decimals)) - 1)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
