"""
The facts of a refund notice (지방세환급금 통지서), as refunds state them:

    {"taxpayer": {"name": "…"}, "body": {"kind", "ko", "en"}, "reference": "REF-…", "cause": {"ko", "en"},
     "lines": [{"item": {"ko", "en"}, "amount": 52000}], "total": 53000, "currency": "KRW",
     "on": "2026-06-15", "claim_until": "2031-06-15", "how": [{"ko", "en"}],
     "steps": [{"text": {"ko", "en"}, "article": {"ko", "en"}, "amount": 1000}]}

`lines` sum to `total`: the refund and its interest on the day `on`. A step's amount may be null. Minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from receipts.rendering.bill_facts import BillLine, BillStep
from receipts.rendering.facts import NONE, Label, UnreadableFacts


@dataclass(frozen=True)
class RefundFacts:
    lines: tuple[BillLine, ...]
    steps: tuple[BillStep, ...]
    how: tuple[Label, ...]
    total: int
    on: date
    claim_until: date
    taxpayer: str
    reference: str
    cause: Label
    body: Label = NONE
    body_kind: str = ""
    currency: str = "KRW"

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> RefundFacts:
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
                claim_until=date.fromisoformat(facts["claim_until"]),
                taxpayer=str(facts["taxpayer"]["name"]),
                reference=str(facts["reference"]),
                cause=Label.read(facts["cause"]),
                body=Label.read(facts.get("body")),
                body_kind=str((facts.get("body") or {}).get("kind") or ""),
                currency=str(facts.get("currency") or "KRW"),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableFacts(f"{type(error).__name__}: {error}") from error
        if not read.lines or read.total <= 0 or sum(line.amount for line in read.lines) != read.total:
            raise UnreadableFacts("the lines don't add up to the total")
        return read
