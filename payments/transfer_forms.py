"""What a treasurer types about a file of transfers and about one that failed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawForm(forms.Form):
    """Why a file is not sent."""

    reason = forms.CharField(label=_("Why it is not to be sent"), max_length=200)


class RepeatForm(forms.Form):
    """The corrected account of a remittance that failed."""

    bank = forms.RegexField(
        r"^[0-9]{3}$",
        label=_("Bank code"),
        help_text=_("Three digits."),
        error_messages={"invalid": _("A bank code has three digits.")},
    )
    account = forms.RegexField(
        r"^[0-9]{4,34}$",
        label=_("Account number"),
        help_text=_("Digits only."),
        error_messages={"invalid": _("An account number has digits only.")},
    )
    holder = forms.CharField(label=_("Account holder"), max_length=70)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Who gave you the right account, and when.")
    )
