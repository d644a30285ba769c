from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from refunds.states import Cause, Way

MOST_WON: Final = 10**15
DAYS: Final = ["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y. %m. %d", "%Y/%m/%d"]
ALL_DAYS: Final = ("event_on", "final_on", "arrived_on")
DAY: Final = {"inputmode": "numeric", "size": "12", "autocomplete": "off"}


class AskForm(forms.Form):
    """How a refund shall go back."""

    way = forms.ChoiceField(label=_("How shall it be paid back?"), widget=forms.RadioSelect)
    bill = forms.ChoiceField(
        label=_("Bill to be paid"),
        required=False,
        help_text=_("Only for a set-off. What is left of the refund goes to your account."),
    )

    def __init__(self, *args: Any, ways: Sequence[Way], bills: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._field("way").choices = [(way.value, way.label) for way in ways]
        self._field("bill").choices = [("", "–"), *((str(pk), name) for pk, name in bills)]
        if not bills:
            del self.fields["bill"]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == Way.SET_OFF and not cleaned.get("bill"):
            self.add_error("bill" if "bill" in self.fields else None, _("Choose the bill that shall be paid."))
        return cleaned


class AskAllForm(forms.Form):
    """How all that can be claimed shall go back."""

    way = forms.ChoiceField(
        label=_("How shall all of it be paid back?"),
        widget=forms.RadioSelect,
        choices=[(way.value, way.label) for way in (Way.ACCOUNT, Way.DONATION)],
        initial=Way.ACCOUNT.value,
    )


class AccountForm(forms.Form):
    """The account into which refunds are paid."""

    bank = forms.ChoiceField(label=_("Bank"))
    number = forms.CharField(
        label=_("Account number"),
        max_length=30,
        help_text=_("Your own account: its bank is asked whose it is. Spaces and hyphens don't matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "24"}),
    )

    def __init__(self, *args: Any, banks: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["bank"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose a bank")), *banks.items()]

    def clean_number(self) -> str:
        digits = str(self.cleaned_data["number"]).replace("-", "").replace(" ", "")
        if not (digits.isascii() and digits.isdecimal() and 6 <= len(digits) <= 20):
            raise forms.ValidationError(_("An account number has 6 to 20 digits."))
        return digits


class WhetherForm(forms.Form):
    """Who asks whether there is something for them."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    born = forms.DateField(
        label=_("Birth date"),
        input_formats=DAYS,
        help_text=_("For example 1990-01-31."),
        widget=forms.TextInput(attrs={"autocomplete": "bday", "inputmode": "numeric", "size": "12"}),
    )


class AssessForm(forms.Form):
    """What the first officer says of a refund. `fixed`: days that somebody else has told, and no field asks for."""

    fixed: Mapping[str, date | None] = MappingProxyType({})
    believed = forms.IntegerField(min_value=0, max_value=MOST_WON, widget=forms.HiddenInput)
    cause = forms.ChoiceField(label=_("Why it goes back"))
    event_on = forms.DateField(
        label=_("Day on which interest hangs"),
        required=False,
        input_formats=DAYS,
        help_text=_(
            "Of the sale or scrapping, of the decision on the relief, of the change of law, of the return, "
            "of the complaint."
        ),
        widget=forms.TextInput(attrs=DAY),
    )
    final_on = forms.DateField(
        label=_("Day on which a judgment or decision became final"),
        required=False,
        input_formats=DAYS,
        help_text=_("Paid 40 days or more later it bears half as much interest again. Otherwise leave it empty."),
        widget=forms.TextInput(attrs=DAY),
    )
    arrived_on = forms.DateField(
        label=_("Day on which the notice arrived"),
        required=False,
        input_formats=DAYS,
        help_text=_("Only if it arrived so late that the bill could still be contested when the taxpayer asked."),
        widget=forms.TextInput(attrs=DAY),
    )
    way = forms.ChoiceField(label=_("How it goes back"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The taxpayer reads it."))

    def __init__(
        self, *args: Any, causes: Sequence[Cause], days: Collection[str], ways: Sequence[Way], **options: Any
    ) -> None:
        """`days`: the fields that this refund has of those that name a day."""
        super().__init__(*args, **options)
        for name in ALL_DAYS:
            if name not in days:
                del self.fields[name]
        self._choose("cause", [(one.value, one.label) for one in causes])
        self._choose("way", [(one.value, one.label) for one in ways])

    def _choose(self, name: str, choices: list[tuple[str, str | Promise]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class DecideForm(forms.Form):
    """What the second officer says, and the third."""

    believed = forms.IntegerField(min_value=0, max_value=MOST_WON, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("approve", _("Approve")),
            ("return", _("Have it assessed again")),
            ("reject", _("Reject")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed unless you approve. The taxpayer reads it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") in {"reject", "return"} and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", _("Say why."))
        return cleaned
