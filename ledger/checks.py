"""Proofs about the books that other apps contribute: what a table says against what the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from ledger import selectors


@dataclass(frozen=True)
class Difference:
    """Something that does not agree, in minor units: what the postings say, and what is said elsewhere."""

    name: str
    ledger: int
    elsewhere: int


Check = Callable[[], list[Difference]]


def entries_balance() -> list[Difference]:
    """Every entry sums to zero, and so do all of them together."""
    found = [Difference(f"entry {entry}", amount, 0) for entry, amount in selectors.unbalanced_entries()]
    total = sum(line.balance for line in selectors.trial_balance())
    return found + ([Difference("trial balance", total, 0)] if total else [])


def totals_agree() -> list[Difference]:
    """The totals that pages read agree with the postings, account by account."""
    summed = {(line.body, line.tax, line.purpose): line.balance for line in selectors.trial_balance()}
    scanned = {(line.body, line.tax, line.purpose): line.balance for line in selectors.scanned_balance()}
    return [
        Difference(f"total of {'/'.join(key)}", scanned.get(key, 0), summed.get(key, 0))
        for key in sorted(summed.keys() | scanned.keys())
        if summed.get(key, 0) != scanned.get(key, 0)
    ]


def run_all() -> list[Difference]:
    """Run this app's proof and those named in `settings.LEDGER_CHECKS` (bound in `etax/wiring.py`)."""
    checks: list[Check] = [entries_balance, totals_agree, *(import_string(path) for path in settings.LEDGER_CHECKS)]
    return [difference for check in checks for difference in check()]
