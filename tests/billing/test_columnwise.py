"""A whole column at once and one row after the other come to the same won."""

from __future__ import annotations

from tests.billing.columns_agree import disagreements


def test_twenty_thousand_random_vehicles_are_assessed_alike_by_column_and_by_row() -> None:
    assert disagreements(kind="automobile", rows=20_000, seed=1) == []
