from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.vault.numbers import HYPHENS


class ClaimForm(forms.Form):
    name = forms.CharField(
        label=_("Name as on the bill"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    number = forms.CharField(
        label=_("Resident number"),
        max_length=20,
        help_text=_("13 digits. It is sealed at once: this site can't read it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    payment_number = forms.CharField(
        label=_("Electronic payment number"),
        max_length=40,
        help_text=_("19 digits, on one of your paper bills."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_payment_number(self) -> str:
        plain = HYPHENS.sub("", self.cleaned_data["payment_number"])
        if not re.fullmatch("[0-9]{19}", plain):
            raise forms.ValidationError(_("Enter the 19 digits of the electronic payment number."))
        return plain
