"""
The facts of a payment receipt, as the one who took the money states them (the jsonb column of a document):

    {"taxpayer": {"name": "…", "address": "…"}, "payer": {"name": "…"},
     "body": {"code": "11110", "kind": "district", "ko": "종로구", "en": "Jongno-gu"},
     "lines": [{"item": {"ko": "자동차세", "en": "Automobile tax"}, "period": "2026-06", "amount": 100000,
                "number": "electronic payment number", "tax_number": "31 digits"}],
     "total": 100000, "currency": "KRW", "channel": {"ko": "신용카드", "en": "Card"},
     "paid_at": "2026-06-20T03:00:00+00:00", "transaction": "the gateway's reference"}

`lines`, `total` and `paid_at` are needed; the rest may be missing. Amounts are minor units.
A label may be one string where both languages say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_LINES = 5_000


class UnreadableFacts(Exception):
    """The facts can't become a document: a programming error of the one who asked for it."""


@dataclass(frozen=True)
class Label:
    ko: str = ""
    en: str = ""

    @classmethod
    def read(cls, value: object) -> Label:
        if value is None:
            return cls()
        if isinstance(value, Mapping):
            ko, en = value.get("ko") or value.get("en"), value.get("en") or value.get("ko")
            return cls(ko=str(ko or ""), en=str(en or ""))
        return cls(ko=str(value), en=str(value))

    def __str__(self) -> str:
        return self.ko if self.ko == self.en else f"{self.ko} {self.en}"


NONE = Label()


@dataclass(frozen=True)
class Line:
    item: Label
    amount: int
    period: str = ""
    number: str = ""
    tax_number: str = ""


@dataclass(frozen=True)
class ReceiptFacts:
    lines: tuple[Line, ...]
    total: int
    paid_at: datetime
    taxpayer: str = ""
    address: str = ""
    payer: str = ""
    body: Label = NONE
    body_kind: str = ""
    channel: Label = NONE
    transaction: str = ""
    currency: str = "KRW"

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> ReceiptFacts:
        try:
            lines = tuple(_line(line) for line in facts["lines"])
            read = cls(
                lines=lines,
                total=_amount(facts["total"]),
                paid_at=_moment(facts["paid_at"]),
                taxpayer=_name(facts.get("taxpayer")),
                address=_text((facts.get("taxpayer") or {}).get("address")),
                payer=_name(facts.get("payer")),
                body=Label.read(facts.get("body")),
                body_kind=_text((facts.get("body") or {}).get("kind")),
                channel=Label.read(facts.get("channel")),
                transaction=_text(facts.get("transaction")),
                currency=_text(facts.get("currency")) or "KRW",
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableFacts(f"{type(error).__name__}: {error}") from error
        if not 1 <= len(lines) <= MOST_LINES:
            raise UnreadableFacts(f"{len(lines)} lines")
        if not 0 <= read.total < 2**63:
            raise UnreadableFacts(f"a total of {read.total}")
        if sum(line.amount for line in lines) != read.total:
            raise UnreadableFacts("the lines don't add up to the total")
        return read


def _line(line: Mapping[str, Any]) -> Line:
    return Line(
        item=Label.read(line["item"]),
        amount=_amount(line["amount"]),
        period=_text(line.get("period")),
        number=_text(line.get("number")),
        tax_number=_text(line.get("tax_number")),
    )


def _amount(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"an amount is whole minor units, not {value!r}")
    return value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return moment


def _name(person: Mapping[str, Any] | None) -> str:
    return _text((person or {}).get("name"))


def _text(value: object) -> str:
    return "" if value is None else str(value)
