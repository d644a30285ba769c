"""Sentences for the steps of the taxes that a payer files, of licences, fines and penalties (see billing.explain)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

STEPS: Final = {
    "house_rate": _("A house worth %(price)s won: rate of %(percent)s%%"),
    "heavy_rate": _("A house worth %(price)s won, one too many or a corporation's: rate of %(percent)s%%"),
    "flat_rate": _("%(percent)s%% of %(base)s won, cut to 10 won"),
    "per_mille": _("%(per_mille)s thousandths of %(base)s won, cut to 10 won"),
    "rural_special": _("Special tax for rural development: %(percent)s%% of %(base)s won, cut to 10 won"),
    "value_too_small": _("Nothing is due on a value of at most %(limit)s won"),
    "registration_sum": _("A fixed sum for each entry"),
    "at_least": _("Not less than the least sum for an entry"),
    "times": _("%(times)s times for a corporation in the capital region"),
    "licence_class": _("Licence of class %(class)s for a year"),
    "progressive_tax": _("%(plus)s won and %(percent)s%% of what lies above %(over)s won, of a base of %(base)s won"),
    "short_year": _("A business year of %(months)s months: %(year)s won × %(months)s / 12"),
    "by_quantity": _("%(won)s won for each %(each)s %(unit)s, of %(quantity)s"),
}
UNITS: Final = {"piece": _("pieces"), "gram": _("g"), "millilitre": _("ml")}
