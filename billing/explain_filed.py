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
    "parking_fine": _("Parking fine: %(zone)s, %(vehicle)s"),
    "two_hours": _("%(adds)s won more for two hours and longer"),
    "bus_lane_fine": _("Fine for driving in a bus lane: %(vehicle)s"),
    "paid_early": _("%(percent)s%% less of %(base)s won when paid before the fine is imposed"),
    "not_filed": _("Nothing was filed in time: %(percent)s%% of %(base)s won, cut to 10 won"),
    "not_filed_by_fraud": _("Nothing was filed, by fraud: %(percent)s%% of %(base)s won, cut to 10 won"),
    "told_too_little": _("Too little was filed: %(percent)s%% of %(base)s won, cut to 10 won"),
    "told_too_little_by_fraud": _("Too little was filed, by fraud: %(percent)s%% of %(base)s won, cut to 10 won"),
    "made_good": _("%(percent)s%% less of %(base)s won for making it good within %(months)s months"),
    "sold_unfiled": _("Sold without a return: %(percent)s%% of %(base)s won, cut to 10 won"),
    "intended": _("Assessed by the office after its notice %(notice)s: %(basis)s"),
    "paid_ahead": _("Automobile tax that is paid ahead, before the discount"),
    "amended": _("%(levy)s: %(now)s won instead of the %(before)s won filed before"),
    "by_quantity": _("%(won)s won for each %(each)s %(unit)s, of %(quantity)s"),
}
LEVIES: Final = {
    "acquisition": _("Acquisition tax"),
    "registration_licence": _("Registration and licence tax"),
    "leisure": _("Leisure tax"),
    "tobacco": _("Tobacco consumption tax"),
    "resident": _("Resident tax"),
    "local_income": _("Local income tax"),
    "local_education": _("Local education tax"),
    "rural_special": _("Special tax for rural development"),
}
UNITS: Final = {"piece": _("pieces"), "gram": _("g"), "millilitre": _("ml")}
ZONES: Final = {
    "ordinary": _("ordinary road"),
    "fire_service": _("beside fire service installations"),
    "children": _("children's protection zone"),
    "elderly_disabled": _("protection zone for the elderly and disabled"),
}
VEHICLES: Final = {
    "car": _("passenger car or small truck"),
    "large": _("bus, van, large truck or special vehicle"),
    "motorcycle": _("motorcycle"),
}
WORDS: Final = {"levy": LEVIES, "unit": UNITS, "zone": ZONES, "vehicle": VEHICLES}
