"""What an officer types about money in suspense and about a silent payment."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.states import Status


class AssignForm(forms.Form):
    """The bill that money in suspense pays, and why."""

    epay_number = forms.RegexField(
        r"^[0-9 -]{19,40}$",
        label=_("Electronic payment number of the bill"),
        strip=True,
        error_messages={"invalid": _("An electronic payment number has 19 digits.")},
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("From what you know that it is for this bill.")
    )


class ReturnForm(forms.Form):
    """The account that money in suspense goes back to."""

    bank = forms.RegexField(
        r"^[0-9]{2,3}$",
        label=_("Bank code"),
        help_text=_("Two or three digits, as on the statement."),
        error_messages={"invalid": _("A bank code has two or three digits.")},
    )
    number = forms.RegexField(
        r"^[0-9-]{6,34}$",
        label=_("Account number"),
        error_messages={"invalid": _("An account number has digits and hyphens only.")},
    )
    holder = forms.CharField(label=_("Account holder, as the bank named who sent it"), max_length=70)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ForceForm(forms.Form):
    """How a payment that its gateway says nothing about is ended."""

    becomes = forms.ChoiceField(
        label=_("What it becomes"),
        widget=forms.RadioSelect,
        choices=[(Status.EXPIRED.value, Status.EXPIRED.label), (Status.DECLINED.value, Status.DECLINED.label)],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("What the gateway's operator said, and when.")
    )
