from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.states import Channel


class PayForm(forms.Form):
    """How to pay one bill. The amount is the one that the page showed; the key makes the form count once."""

    channel = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect, choices=())
    bank = forms.ChoiceField(
        label=_("Bank of the virtual account"),
        help_text=_("Only for a virtual account: the bank that gives you a number for exactly this payment."),
        required=False,
        choices=(),
    )
    shown_amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9_999_999_999_999)
    form_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: list[Channel], banks: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(one.value, one.label) for one in channels]  # type: ignore[attr-defined]
        self.fields["bank"].choices = [("", _("Choose a bank")), *banks.items()]  # type: ignore[attr-defined]
        if Channel.VIRTUAL_ACCOUNT not in channels:
            del self.fields["bank"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("channel") == Channel.VIRTUAL_ACCOUNT and not cleaned.get("bank"):
            self.add_error("bank", _("Choose the bank of your virtual account."))
        return cleaned


class SearchForm(forms.Form):
    """What an officer is told on the telephone or reads on a statement."""

    text = forms.CharField(
        label=_("Payment reference, electronic payment number or virtual account number"), max_length=64, strip=True
    )
