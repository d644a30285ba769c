"""What every document of the city has in common: its head and foot, its cells, how it is described."""

from __future__ import annotations

from collections.abc import Callable
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
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.qr import draw_qr
from receipts.rendering.sheet import NAVY, PALE, QUIET, Cell, Sheet, Style, Text
from receipts.rendering.words import amount_in_figures

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


def document(*, letterhead: Letterhead, issue: Issue, title: str, subject: str, fill: Callable[[Sheet], None]) -> bytes:
    """The pages that `fill` draws; the same facts always give the same bytes."""

    def draw(pages: int) -> tuple[bytes, int]:
        out = BytesIO()
        first: Any = fonts.REGULAR  # else reportlab names Helvetica in every page, which is not embedded
        canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang="ko", initialFontName=first)
        describe(canvas, letterhead, issue, title=title, subject=subject)

        def furniture(sheet: Sheet) -> None:
            head(sheet, letterhead, issue)
            foot(sheet, letterhead, issue, pages)

        sheet = Sheet(canvas, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM, furniture=furniture)
        fill(sheet)
        sheet.finish()
        canvas.save()
        return out.getvalue(), sheet.page

    content, pages = draw(1)
    return draw(pages)[0] if pages > 1 else content  # the footer says how many there are, which only drawing tells


def describe(canvas: Canvas, letterhead: Letterhead, issue: Issue, *, title: str, subject: str) -> None:
    canvas.setTitle(f"{title} {issue.number}")
    canvas.setAuthor(printable(str(letterhead.city), longest=200))
    canvas.setSubject(subject)
    canvas.setCreator("ETAX")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    moment = issue.issued_at.astimezone(UTC)
    stamp = SimpleNamespace(t=moment.timestamp(), YMDhms=moment.timetuple()[:6], dhh=0, dmm=0, datetime=moment)
    document: Any = canvas._doc  # type: ignore[attr-defined]  # reportlab would write its own clock's time
    document._timeStamp = stamp


def head(sheet: Sheet, letterhead: Letterhead, issue: Issue) -> None:
    y = A4[1] - 20 * mm
    half = sheet.width / 2
    with sheet.tags.artifact():
        city = Text(cut(printable(letterhead.city.ko), 16), Style(15, BOLD, NAVY))
        sheet.draw(city, sheet.left, y, half)
        sheet.draw(Text(cut(printable(letterhead.city.en), 48), Style(8, color=QUIET)), sheet.left, y - 13, half)
        sheet.draw(Text("문서번호 Document No.", Style(7, color=QUIET, align="right")), sheet.left + half, y + 6, half)
        sheet.draw(Text(issue.number, Style(11, BOLD, align="right")), sheet.left + half, y - 8, half)
    sheet.rule(y - 23, color=NAVY, thickness=1.4)


def foot(sheet: Sheet, letterhead: Letterhead, issue: Issue, pages: int) -> None:
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
        sheet.draw(Text(cut(issue.verify_url, 90), Style(8, BOLD, NAVY)), x, y - 27, room)
        parts = dict.fromkeys((letterhead.address.ko, letterhead.address.en, letterhead.contact))
        letter = " · ".join(printable(part) for part in parts if part)
        sheet.draw(Text(cut(letter, 95), SMALL), x, y - 42, room)
        sheet.draw(
            Text(f"{sheet.page} / {pages}", Style(8, color=QUIET, align="right")), sheet.left, 12 * mm, sheet.width
        )


def fact(sheet: Sheet, ko: str, en: str, value: str, style: Style = BODY) -> list[Cell]:
    return [label_cell(ko, en, sheet.width * 0.24), Cell([Text(printable(value), style)], sheet.width * 0.76)]


def label_cell(ko: str, en: str, width: float) -> Cell:
    return Cell([Text(ko, LABEL), Text(en, SMALL)], width, PALE, role="TH")


def head_cell(ko: str, en: str, width: float) -> Cell:
    center = (Style(9, BOLD, align="center"), Style(7, color=QUIET, align="center"))
    return Cell([Text(ko, center[0]), Text(en, center[1])], width, PALE, role="TH")


def money(minor: int, currency: str) -> str:
    if currency == "KRW":
        return amount_in_figures(minor)
    decimals = moneyed.get_currency(currency).sub_unit
    return amount_in_figures(minor, symbol=f"{currency} ", decimals=len(str(decimals)) - 1)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
