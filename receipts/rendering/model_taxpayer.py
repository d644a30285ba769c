"""Certificate of a model taxpayer (모범납세자 증명서): one page of A4.

Its facts: {"taxpayer": {"name"}, "year", "valid_until": "2026-12-31", "mark", "benefits": {"ko", "en"}}; beside them,
for lists of documents, "lines" with what it is called and a "total" of 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from receipts.rendering.facts import Label, UnreadableFacts
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import STRONG, Issue, document, fact
from receipts.rendering.sheet import QUIET, Sheet, Style, Text


@dataclass(frozen=True)
class ModelTaxpayerFacts:
    """Who was selected for which year, by which mark of the published draw, and what it is good for."""

    name: str
    year: int
    valid_until: date
    mark: str
    benefits: Label

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> ModelTaxpayerFacts:
        try:
            return cls(
                name=str(facts["taxpayer"]["name"]),
                year=int(facts["year"]),
                valid_until=date.fromisoformat(facts["valid_until"]),
                mark=str(facts["mark"]),
                benefits=Label.read(facts.get("benefits") or None),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableFacts(f"{type(error).__name__}: {error}") from error


def render_model_taxpayer(*, facts: ModelTaxpayerFacts, letterhead: Letterhead, issue: Issue) -> bytes:
    """The same facts always give the same bytes."""

    def fill(sheet: Sheet) -> None:
        sheet.y -= 4
        sheet.paragraph(Text("모 범 납 세 자 증 명 서", Style(22, BOLD, align="center")), role="H1")
        sheet.paragraph(Text("Certificate of a Model Taxpayer", Style(11, color=QUIET, align="center")), after=14)
        rows = [
            fact(sheet, "성명 또는 상호", "Name", facts.name, STRONG),
            fact(sheet, "선정 연도", "Selected for", str(facts.year)),
            fact(sheet, "유효기간", "Valid until", facts.valid_until.isoformat()),
            fact(sheet, "추첨 표시", "Mark in the draw", facts.mark),
        ]
        if facts.benefits.ko:
            rows.append(fact(sheet, "혜택", "Benefits", str(facts.benefits)))
        sheet.table(rows, after=16)
        _statement(sheet, letterhead, issue)

    return document(
        letterhead=letterhead,
        issue=issue,
        title="모범납세자 증명서 Certificate of a model taxpayer",
        subject="모범납세자 증명서",
        fill=fill,
    )


def _statement(sheet: Sheet, letterhead: Letterhead, issue: Issue) -> None:
    sheet.keep(105)
    center = Style(11, align="center")
    quiet = Style(8, color=QUIET, align="center")
    day = issue.issued_at.astimezone(letterhead.zone)
    sheet.paragraph(Text("위 사람은 성실히 납세하여 모범납세자로 선정되었음을 증명합니다.", center))
    english = "The above was selected as a model taxpayer. The draw can be repeated with what the city published."
    sheet.paragraph(Text(english, quiet), after=9)
    sheet.paragraph(Text(f"{day.year}년 {day.month}월 {day.day}일", center), after=7)
    sheet.paragraph(Text(printable(letterhead.city.ko, longest=200), Style(16, BOLD, align="center")))
    sheet.paragraph(Text(printable(letterhead.city.en, longest=200), quiet))
    sheet.paragraph(Text("(직인 생략 · 전자서명)  Seal omitted: signed electronically", quiet))
