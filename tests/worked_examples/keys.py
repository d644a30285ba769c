"""What the cells of a file of worked examples may say.

input_json: cc, use (비영업 private, 영업 business), type (승용, 승용-전기, 화물 with load_kg, 승합-…, 특수-…, 소형),
age or first_reg with year and half, period (year, or year billed per half), month of a prepayment, scrapped, price,
prior_price, one_house, ratio, special_rate, threshold, base, value, kind, tax, full_months_late, days, rate_per_day,
parts, refund, paid, decided, cause, nominal, served, filed, e_notice, autopay, property, area_m2, epay_no. A row of a
tax that is filed names what `filed.py` reads. How numbers, days and yes or no may be written stands in `values.py`.
"""

from __future__ import annotations

import re
from typing import Any, Final

# Words about an answer, and answers of other sources: not to be produced.
COMMENTS: Final = frozenset(
    {
        "published",
        "published_property_plus_urban",
        "published_cap",
        "uncapped_property_plus_urban",
        "reason",
        "split",
        "note",
        "basis",
        "rate",
        "max_pct",
        "is_nontax",
        "days",
    }
)
PERCENTAGE: Final = re.compile(r"\d+(\.\d+)?\s*%")


def to_be_produced(expected: dict[str, Any]) -> dict[str, Any]:
    """The part of an expected answer that is no comment.

    >>> to_be_produced({"surcharge": 480000, "max_pct": 48, "rate": "2.9%"})
    {'surcharge': 480000}
    """
    named = {key.strip().lower(): value for key, value in expected.items()}
    return {key: value for key, value in named.items() if key not in COMMENTS and not _is_percentage(value)}


def _is_percentage(value: Any) -> bool:
    return isinstance(value, str) and bool(PERCENTAGE.fullmatch(value.strip()))
