from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OnForm(forms.Form):
    """At the end of which day; today if it is left empty."""

    on = forms.DateField(label=_("At the end of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
