"""What an agent of the call centre types while the caller speaks."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.services import Said

BIRTH_DATES = ("%Y-%m-%d", "%Y.%m.%d", "%Y%m%d")
MOST = 9_999_999_999_999
LINK, KEYS = "link", "keys"
LANGUAGES = (("ko", "한국어"), ("en", "English"))


class CallerForm(forms.Form):
    """What the caller says; the answer is only whether all of it fits."""

    epay_number = forms.CharField(
        label=_("Electronic payment number"),
        help_text=_("Ask: which number stands on one of your bills? 19 digits."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "24"}),
    )
    name = forms.CharField(
        label=_("Payer's name"),
        help_text=_("Ask: what is your name, as it stands on the bill?"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = forms.DateField(
        label=_("Birth date"),
        help_text=_("Ask a person: when were you born? For example 1990-01-31."),
        required=False,
        input_formats=BIRTH_DATES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "12"}),
    )
    amount = forms.IntegerField(
        label=_("Amount on the bill"),
        help_text=_("Ask a business, which has no birth date: which amount stands on that bill, in won?"),
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "16"}),
    )

    def clean_epay_number(self) -> str:
        digits = re.sub(r"[\s-]", "", str(self.cleaned_data["epay_number"]))
        if not re.fullmatch("[0-9]{19}", digits, re.ASCII):
            raise forms.ValidationError(_("Enter the 19 digits of the electronic payment number."))
        return digits

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("birth_date")) == bool(cleaned.get("amount")):
            raise forms.ValidationError(_("Enter the birth date of a person, or the amount on the bill of a business."))
        return cleaned

    def said(self) -> Said:
        facts = self.cleaned_data
        return Said(facts["epay_number"], facts["name"], facts.get("birth_date"), facts.get("amount"))


class WayForm(forms.Form):
    """In which of the two ways the caller pays, and on which telephone."""

    way = forms.ChoiceField(label=_("How does the caller pay?"), widget=forms.RadioSelect, choices=())
    telephone = forms.CharField(
        label=_("Telephone number"),
        help_text=_("The caller says it. A link goes to a mobile telephone only; keys are pressed on any."),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "size": "16"}),
    )
    language = forms.ChoiceField(label=_("Language of the caller"), choices=LANGUAGES, initial="ko")
    shown_amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)
    form_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, by_keys: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(LINK, _("By a link in a text message")), (KEYS, _("By card, on the keys of the telephone"))]
        self.fields["way"].choices = ways if by_keys else ways[:1]  # type: ignore[attr-defined]

    def clean_telephone(self) -> str:
        digits = re.sub(r"[\s-]", "", str(self.cleaned_data["telephone"]))
        by_link = self.cleaned_data.get("way") == LINK
        if by_link and not re.fullmatch(r"01[0-9]{8,9}", digits, re.ASCII):
            raise forms.ValidationError(_("Enter a mobile number, which begins with 01, for example 010-9999-0012."))
        if not re.fullmatch(r"0[0-9]{8,10}", digits, re.ASCII):
            raise forms.ValidationError(_("Enter a telephone number of 9 to 11 digits, for example 010-9999-0012."))
        return digits
