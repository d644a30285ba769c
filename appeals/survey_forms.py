"""The form about how satisfied somebody is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SurveyForm(forms.Form):
    score = forms.IntegerField(
        label=_("How satisfied are you with how your case was handled?"),
        help_text=_("A whole number from 0 (not at all) to 100 (entirely), whatever the ruling says."),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
