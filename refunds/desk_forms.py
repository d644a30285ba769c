"""What officers enter about a refund beside assessing and deciding it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from refunds.states import RecoveryWay

DIGITS: Final = {"inputmode": "numeric", "autocomplete": "off"}


class ReasonForm(forms.Form):
    """Why a rejected refund is looked at anew."""

    why = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The taxpayer reads it."))


class DestinationForm(forms.Form):
    """The account into which money of nobody goes."""

    bank = forms.RegexField(
        regex=r"\A[0-9]{3}\Z",
        label=_("Bank"),
        help_text=_("Its three digits, for example 088."),
        error_messages={"invalid": _("A bank has three digits, for example 088.")},
        widget=forms.TextInput(attrs={**DIGITS, "size": "5"}),
    )
    number = forms.CharField(
        label=_("Account number"), max_length=40, widget=forms.TextInput(attrs={**DIGITS, "size": "24"})
    )
    holder = forms.CharField(label=_("Holder"), max_length=70)
    why = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("How it is known that the money is theirs, and by which papers.")
    )

    def clean_number(self) -> str:
        digits = str(self.cleaned_data["number"]).replace("-", "").replace(" ", "")
        if not (digits.isascii() and digits.isdecimal() and 6 <= len(digits) <= 34):
            raise forms.ValidationError(_("An account number has 6 to 34 digits."))
        return digits


class RecoveryForm(forms.Form):
    """How what was claimed back ends."""

    way = forms.ChoiceField(
        label=_("How it ends"),
        widget=forms.RadioSelect,
        choices=[
            (RecoveryWay.KEPT.value, _("It was paid back, or another refund keeps it")),
            (RecoveryWay.WRITTEN_OFF.value, _("It can't be had and is written off")),
        ],
    )
    amount = forms.IntegerField(label=_("Won"), min_value=1, widget=forms.TextInput(attrs={**DIGITS, "size": "14"}))
    source = forms.CharField(
        label=_("Reference of the other refund"),
        max_length=24,
        required=False,
        help_text=_("Money that the taxpayer sent stands among the refunds once two officers take it out of suspense."),
    )
    why = forms.CharField(label=_("Reason"), max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["source"] = str(cleaned.get("source", "")).strip().upper()
        if cleaned.get("way") == RecoveryWay.KEPT and not cleaned["source"]:
            self.add_error("source", _("Name the refund that keeps it."))
        return cleaned


class VerdictForm(forms.Form):
    """What a second officer says of what a colleague asked for."""

    granted = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, choices=[("yes", _("Approve")), ("no", _("Reject"))]
    )
