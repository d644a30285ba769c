"""What a cashier types at the counter. Amounts are minor units (won)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.giro import UnreadableBand, is_like_a_band, read_band
from payments.services import OnTheDesk
from payments.states import Means

MOST: Final = 9_999_999_999_999
NUMERIC: Final = {"inputmode": "numeric", "autocomplete": "off"}


def won_field(label: Any, *, smallest: int = 0, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=smallest,
        max_value=MOST,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=NUMERIC),
    )


class OpenDrawerForm(forms.Form):
    """The cash with which a drawer begins."""

    opening = won_field(_("Cash in the drawer to give change from, in won"))


class FindBillsForm(forms.Form):
    """What the payer has in hand."""

    text = forms.CharField(
        label=_("Electronic payment number, line at the foot of the paper, vehicle, or the payer's name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_text(self) -> str:
        """A line that was read wrong is said to be so, and not that nobody owes anything."""
        text = str(self.cleaned_data["text"])
        if is_like_a_band(text):
            try:
                read_band(text)
            except UnreadableBand as error:
                raise forms.ValidationError(
                    _("A digit of this line was read wrong. Read it again, or type the electronic payment number.")
                ) from error
        return text


class TakeForm(forms.Form):
    """What lies on the desk. `shown_amount` is what the page said; `form_key` makes the form count once."""

    part = won_field(
        _("Only a part, in won"),
        smallest=1,
        required=False,
        help_text=_("Leave it empty to pay everything. Of one bill only, where the city takes parts."),
    )
    means = forms.ChoiceField(label=_("Cash or cheque"), choices=Means.choices, widget=forms.RadioSelect)
    tendered = won_field(_("Handed over, in won"), smallest=1, help_text=_("The cash, or the cheque's sum."))
    cheque_bank = forms.RegexField(
        r"^[0-9]{3}$",
        label=_("Bank that the cheque is drawn on"),
        help_text=_("Three digits; for a cheque only."),
        required=False,
        error_messages={"invalid": _("A bank code has three digits.")},
    )
    cheque_number = forms.RegexField(
        r"^[0-9A-Za-z-]{4,20}$",
        label=_("Number of the cheque"),
        required=False,
        strip=True,
        error_messages={"invalid": _("A cheque's number has 4 to 20 letters, digits and hyphens.")},
    )
    shown_amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)
    form_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        to_pay = cleaned.get("part") or cleaned.get("shown_amount") or 0
        tendered, means = cleaned.get("tendered"), cleaned.get("means")
        if means == Means.CHEQUE:
            for name, text in (("cheque_bank", _("Enter its bank.")), ("cheque_number", _("Enter its number."))):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, text)
            if tendered and tendered != to_pay:
                self.add_error("tendered", _("A cheque pays exactly its sum; no change is given on it."))
        elif means == Means.CASH:
            cleaned |= {"cheque_bank": "", "cheque_number": ""}
            if tendered and tendered < to_pay:
                self.add_error("tendered", _("That is less than is to be paid."))
        return cleaned

    def desk(self) -> OnTheDesk:
        facts = self.cleaned_data
        return OnTheDesk(Means(facts["means"]), facts["tendered"], facts["cheque_bank"], facts["cheque_number"])


class CountForm(forms.Form):
    """What a cashier counts at the end."""

    cash = won_field(_("Cash counted, in won"), help_text=_("All of it, with what you began with."))
    cheques = won_field(_("Sum of the cheques counted, in won"))
    note = forms.CharField(
        label=_("Why it differs"),
        help_text=_("Only where it differs from what should be there. No names of taxpayers."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, should: tuple[int, int], **kwargs: Any) -> None:
        """`should`: cash and cheques; a note that became a cheque is told too, though the sum is the same."""
        super().__init__(*args, **kwargs)
        self.should = should

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "cash" in cleaned and "cheques" in cleaned:
            differs = (cleaned["cash"], cleaned["cheques"]) != self.should
            if differs and not cleaned.get("note") and "note" not in self.errors:
                self.add_error("note", _("It differs from what should be there. Count again, or say why."))
        return cleaned


class BounceForm(forms.Form):
    """Why a cheque was not honoured."""

    reason = forms.CharField(label=_("What the bank said, and when"), max_length=200)
