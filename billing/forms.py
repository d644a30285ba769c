from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.rules.numbers import read_epay_number
from billing.selectors import taxes_billed_by_roll

BIRTH_DATES: Final = ["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y. %m. %d", "%Y/%m/%d"]

FIRST_DAY: Final = date(2017, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)


class FindForm(forms.Form):
    """The number on the bill, and one thing that its payer knows."""

    epay_number = forms.CharField(
        label=_("Electronic payment number"),
        max_length=40,
        help_text=_("19 digits on the bill. Spaces and hyphens don't matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "24"}),
    )
    name = forms.CharField(
        label=_("Payer's name"),
        required=False,
        max_length=100,
        help_text=_("As it stands on the bill. The name or the birth date is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birth_date = forms.DateField(
        label=_("Payer's birth date"),
        required=False,
        input_formats=BIRTH_DATES,
        help_text=_("For example 1990-01-31."),
        widget=forms.TextInput(attrs={"autocomplete": "bday", "inputmode": "numeric", "size": "12"}),
    )

    def clean_epay_number(self) -> str:
        try:
            return str(read_epay_number(self.cleaned_data["epay_number"]))
        except ValueError as error:
            raise forms.ValidationError(_("Enter the 19 digits of the electronic payment number.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("name") and not cleaned.get("birth_date"):
            raise forms.ValidationError(_("Enter the payer's name or birth date."))
        return cleaned


class OnDayForm(forms.Form):
    """The day for which somebody wants to know what a bill owes."""

    on = forms.DateField(
        label=_("Day of payment"),
        input_formats=BIRTH_DATES,
        help_text=_("For example 2026-12-31."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "12", "autocomplete": "off"}),
    )

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not FIRST_DAY <= on <= LAST_DAY:
            raise forms.ValidationError(_("Enter a day between 2017 and 2100."))
        return on


class UploadForm(forms.Form):
    """A roll's file and what it is."""

    tax = forms.ChoiceField(label=_("Tax"), widget=forms.Select)
    year = forms.IntegerField(label=_("Tax year"), min_value=2017, max_value=2100)
    term = forms.TypedChoiceField(
        label=_("Term of the year"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, 5)],
        help_text=_("The table below says which terms a tax has."),
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("Levy roll"),
        allow_empty_file=True,
        help_text=_("A CSV file in UTF-8 or CP949, or a Parquet file; at most 512 MB."),
        widget=forms.FileInput(attrs={"accept": "text/csv,.csv,.parquet"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        korean = (get_language() or "ko").startswith("ko")
        choices = [(tax.code, tax.name_ko if korean else tax.name_en) for tax in taxes_billed_by_roll()]
        self.fields["tax"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SearchForm(forms.Form):
    text = forms.CharField(
        label=_("Electronic payment number, tax number, roll reference or vehicle"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
