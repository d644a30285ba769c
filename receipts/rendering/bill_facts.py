"""
The facts of a bill (고지서) as a document, as the one who levied states them:

    {"taxpayer": {"name": "…"}, "body": {"kind", "ko", "en"},
     "lines": [{"item": {"ko", "en"}, "amount": 200000}], "total": 260000, "currency": "KRW",
     "on": "2026-06-15", "due_on": "2026-06-30", "object": "123가4567", "period": "2026-1",
     "epay_number": "19 digits", "tax_number": "31 digits", "how": [{"ko", "en"}],
     "steps": [{"text": {"ko", "en"}, "article": {"ko", "en"}, "amount": 400000}],
     "giro": {"line": "digits that a bank's machine reads", "number": "7 digits", "until": "2026-06-30"}}

`lines` sum to `total`: what is to be paid on the day `on`. `due_on` is the last day without a surcharge. A step's
amount may be null. Amounts are minor units. `giro` is null where the bill is not paid with the paper itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from receipts.rendering.facts import NONE, Label, UnreadableFacts


@dataclass(frozen=True)
class BillLine:
    item: Label
    amount: int


@dataclass(frozen=True)
class BillStep:
    text: Label
    article: Label
    amount: int | None


@dataclass(frozen=True)
class GiroLine:
    """What stands at the foot for a bank's machine, and until when a bank takes it."""

    line: str
    number: str
    until: date


@dataclass(frozen=True)
class BillFacts:
    lines: tuple[BillLine, ...]
    steps: tuple[BillStep, ...]
    how: tuple[Label, ...]
    total: int
    on: date
    due_on: date
    taxpayer: str
    object: str
    period: str
    epay_number: str
    tax_number: str
    body: Label = NONE
    body_kind: str = ""
    currency: str = "KRW"
    giro: GiroLine | None = None

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> BillFacts:
        try:
            read = cls(
                lines=tuple(BillLine(Label.read(line["item"]), int(line["amount"])) for line in facts["lines"]),
                steps=tuple(
                    BillStep(Label.read(step["text"]), Label.read(step["article"]), step.get("amount"))
                    for step in facts["steps"]
                ),
                how=tuple(Label.read(way) for way in facts.get("how", ())),
                total=int(facts["total"]),
                on=date.fromisoformat(facts["on"]),
                due_on=date.fromisoformat(facts["due_on"]),
                body=Label.read(facts.get("body")),
                body_kind=str((facts.get("body") or {}).get("kind") or ""),
                taxpayer=str(facts["taxpayer"]["name"]),
                currency=str(facts.get("currency") or "KRW"),
                giro=_giro(facts.get("giro")),
                **{name: str(facts[name]) for name in ("object", "period", "epay_number", "tax_number")},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableFacts(f"{type(error).__name__}: {error}") from error
        if not read.lines or read.total < 0 or sum(line.amount for line in read.lines) != read.total:
            raise UnreadableFacts("the lines don't add up to the total")
        return read


def _giro(facts: Mapping[str, Any] | None) -> GiroLine | None:
    if facts is None:
        return None
    return GiroLine(str(facts["line"]), str(facts["number"]), date.fromisoformat(facts["until"]))
