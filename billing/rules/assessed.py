"""What the rules of any tax answer for one object of tax: the lines of its bill, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass

from billing.rules.steps import Step


@dataclass(frozen=True, kw_only=True)
class Line:
    """One tax on a bill: `tax` is the code of a TaxType, `amount` won."""

    tax: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """Lines in the order in which a payment fills them, none of zero won.

    `collected` is false where the law asks for nothing because the sum is too small.
    """

    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    collected: bool = True

    @property
    def total(self) -> int:
        """Won on the bill."""
        return sum(line.amount for line in self.lines)

    def amount_of(self, tax: str) -> int:
        """Won of one tax on the bill, 0 where it has none."""
        return sum(line.amount for line in self.lines if line.tax == tax)
