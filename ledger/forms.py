from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.models import Purpose


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **options)


class BalanceForm(forms.Form):
    """At the end of which business day; today if it is left empty."""

    on = _day(label=_("Business day"), required=False)


class StatementForm(forms.Form):
    """One account, and from when until when; both days are included."""

    body = forms.CharField(label=_("Levying body"), max_length=5)
    tax = forms.CharField(label=_("Tax"), max_length=40)
    purpose = forms.ChoiceField(label=_("Account"), choices=Purpose.choices)
    start = _day(label=_("From"))
    end = _day(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add_error("end", _("The last day is before the first. Enter a later day."))
        return cleaned
