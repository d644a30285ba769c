"""For which part of a year a bill or a roll asks, in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

HALVES: Final = {1: _("first half of %(year)s"), 2: _("second half of %(year)s")}
# Paid ahead in January, March, June or September (billing.rules.prepaid_bill).
AHEAD: Final = {
    11: _("%(year)s, paid ahead"),
    13: _("%(year)s, paid ahead"),
    16: _("second half of %(year)s, paid ahead"),
    19: _("second half of %(year)s, paid ahead"),
}
PROPERTY: Final = {1: _("July %(year)s"), 2: _("September %(year)s")}
QUARTERS: Final = {
    1: _("first quarter of %(year)s"),
    2: _("second quarter of %(year)s"),
    3: _("third quarter of %(year)s"),
    4: _("fourth quarter of %(year)s"),
}
TERMS: Final = {"automobile": HALVES | AHEAD, "property": PROPERTY, "parking_fine": QUARTERS, "bus_lane_fine": QUARTERS}


def period_text(*, tax: str, year: int, term: int) -> str:
    """The term of a tax by its name; a tax that is billed once a year has the year alone.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     period_text(tax="automobile", year=2026, term=2), period_text(tax="resident", year=2026, term=1)
    ('second half of 2026', '2026')
    """
    text = TERMS.get(tax, {}).get(term)
    return gettext(str(text)) % {"year": year} if text else str(year)
