from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SetUpForm(forms.Form):
    """The bank at which automatic debit is agreed on. The account's number is typed at the bank, never here."""

    bank = forms.ChoiceField(
        label=_("Your bank"),
        help_text=_("You type the account's number on the bank's own page. We never see the whole number."),
        error_messages={"required": _("Choose your bank.")},
    )
    told = forms.BooleanField(
        label=_("I agree that my local taxes are debited like this until I end it."),
        error_messages={"required": _("Confirm that you agree.")},
    )

    def __init__(self, *args: Any, banks: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].choices = [("", _("Choose a bank")), *banks.items()]  # type: ignore[attr-defined]


class EndMandateForm(forms.Form):
    """Why an officer ends somebody's automatic debit."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("How the taxpayer asked for it: at the counter, by telephone, by letter."),
    )


class TaxpayerForm(forms.Form):
    """Whose automatic debit an officer looks for."""

    text = forms.CharField(
        label=_("Taxpayer"), max_length=100, help_text=_("The number of the record, or the exact name.")
    )


class DayForm(forms.Form):
    """A day whose debits are shown."""

    day = forms.DateField(label=_("Due date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
