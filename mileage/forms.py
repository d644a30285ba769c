from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OnForm(forms.Form):
    """At the end of which day; today if it is left empty."""

    on = forms.DateField(label=_("At the end of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class DrawForm(forms.Form):
    """For which year, and how many are drawn."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    places = forms.IntegerField(label=_("How many are drawn"), min_value=1, max_value=100_000)


class EventForm(forms.Form):
    """Something public on a day to come, whose outcome nobody knows: lots are drawn with it."""

    event = forms.CharField(
        label=_("Public event to draw with"),
        help_text=_(
            "For example the numbers of a lottery of the state, by its name and round. Nobody can know them now."
        ),
        max_length=200,
    )
    on = forms.DateField(label=_("Day of the event"), widget=forms.DateInput(attrs={"type": "date"}))


class OutcomeForm(forms.Form):
    """How the event came out, as it was published."""

    outcome = forms.CharField(
        label=_("How it came out"),
        help_text=_("Exactly as it was published, for example six numbers in their order. Everybody checks it."),
        max_length=100,
    )
