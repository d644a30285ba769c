"""One line of a calculation, to be shown to the person who pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = str | int


def _nothing() -> Mapping[str, Value]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Step:
    """`code` names the sentence (billing.explain holds it in every language), `amount` is its result in won."""

    code: str
    article: str
    amount: int | None = None
    values: Mapping[str, Value] = field(default_factory=_nothing)
