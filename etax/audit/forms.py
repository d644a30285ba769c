from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# No record can be younger, and the day after the last one that a computer knows does not exist.
LATEST_YEAR = 9000


class TrailForm(forms.Form):
    """What to look for; days are included, empty fields don't narrow the search."""

    start = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    action = forms.CharField(
        label=_("Action"), required=False, max_length=100, help_text=_("For example vault.opened.")
    )
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200, help_text=_("For example bill:17."))
    actor_id = forms.IntegerField(label=_("Account number of the person who acted"), required=False, min_value=1)
    taxpayer_id = forms.IntegerField(label=_("Taxpayer number"), required=False, min_value=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add_error("end", _("The last day is before the first. Enter a later day."))
        elif isinstance(end, date) and end.year > LATEST_YEAR:
            self.add_error("end", _("Enter a day that has been."))
        return cleaned
