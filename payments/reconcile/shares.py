"""Whose the money is that a body collected (세입 배분): the city's, a district's, or parts of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payments.reconcile.states import Part


@dataclass(frozen=True, order=True)
class Source:
    """What is distributed: sums of one kind of line, on bills of one kind, of one body."""

    collector: str
    main_tax: str
    tax: str


@dataclass(frozen=True, order=True)
class Claim:
    """Of what is collected, who gets a share, and as what."""

    source: Source
    beneficiary: str
    part: Part


@dataclass(frozen=True)
class Shares:
    """The pack's table `shares` of one day; `districts` are in the order of their codes."""

    body: Mapping[str, Any]
    city: str
    districts: Sequence[str]

    def of(self, source: Source, amount: int) -> dict[Claim, int]:
        """Who gets how much of an amount; they sum to it, and nobody's share shrinks when the amount grows.

        A tax for which the pack names no rule stays whole with who billed it (`Part.UNRULED`).

        >>> rules = {"city": {"taxes": ["automobile"]}, "fee": {"percent": 3}, "own": {"taxes": ["licence"]}}
        >>> shares = Shares(rules, "11000", ["11110", "11140"])
        >>> found = shares.of(Source("11110", "automobile", "automobile"), 1_050)
        >>> [(claim.beneficiary, won) for claim, won in found.items()]
        [('11000', 1019), ('11110', 31)]
        """
        kind = self.rule(source.tax)
        if kind in {"city", "urban"}:
            return self._of_the_city(source, amount)
        if kind == "halves" and source.collector in self.districts:
            return self._halved(source, amount)
        return {Claim(source, source.collector, Part.TAX if kind else Part.UNRULED): amount}

    def rule(self, tax: str) -> str:
        """The name of the rule that speaks of a tax; empty if none was read."""
        named = ("own", "city", "urban", "halves")
        return next((name for name in named if tax in self.body.get(name, {}).get("taxes", ())), "")

    def article(self, claim: Claim) -> str:
        rule = "fee" if claim.part is Part.FEE else self.rule(claim.source.tax)
        return str(self.body.get(rule, {}).get("article", ""))

    def _of_the_city(self, source: Source, amount: int) -> dict[Claim, int]:
        """Less the collection fee (징수교부금, Collection Act, article 17).

        None for the city itself, and none for what is billed together with a district's own tax (paragraph 2).
        """
        jointly = self.rule(source.main_tax) not in {"city", "urban"}
        pays = source.collector in self.districts and not jointly
        fee = amount * self.body["fee"]["percent"] // 100 if pays else 0
        found = {Claim(source, self.city, Part.TAX): amount - fee}
        return found | ({Claim(source, source.collector, Part.FEE): fee} if fee else {})

    def _halved(self, source: Source, amount: int) -> dict[Claim, int]:
        """Shared property tax (재산세 공동과세, Framework Act, articles 9 and 10).

        An odd won is the levying district's; won that can't be divided go to the first districts by code.
        """
        common = amount * self.body["halves"]["percent"] // 100
        each, rest = divmod(common, len(self.districts))
        equal = {Claim(source, body, Part.EQUAL): each + (place < rest) for place, body in enumerate(self.districts)}
        return {Claim(source, source.collector, Part.TAX): amount - common, **equal}
