"""Forms of whoever uses points, and of the officers who carry it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.uploads import read_upload
from mileage.rules.pack import Partner
from mileage.states import Way

MOST: Final = 9_999_999_999
LARGEST: Final = 2 * 1024 * 1024


class Digits(forms.RegexField):
    """A number as it stands on a card or in a bank book: spaces and hyphens are left out."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(" ", "").replace("-", "") if isinstance(value, str) else value)


def _digits(label: Any, help_text: Any, pattern: str, error: Any) -> Digits:
    return Digits(
        pattern,
        label=label,
        help_text=help_text,
        error_messages={"invalid": error},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class UseForm(forms.Form):
    """Points for something else than a bill; which fields there are depends on the way."""

    partner = forms.ChoiceField(label=_("Partner"), choices=(), widget=forms.RadioSelect)
    card = _digits(
        _("Number of the transit card"),
        _("The 16 digits on the card."),
        r"^[0-9]{16}$",
        _("Enter the 16 digits of the card."),
    )
    email = forms.EmailField(
        label=_("Where the voucher is sent"),
        help_text=_("An e-mail address."),
        max_length=100,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    bank = forms.ChoiceField(label=_("Bank"), choices=())
    account = _digits(
        _("Account number"),
        _("Of an account in your own name: the bank refuses any other."),
        r"^[0-9]{6,20}$",
        _("Enter the 6 to 20 digits of the account."),
    )
    points = forms.IntegerField(
        label=_("How many points"),
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    FIELDS: Final = {
        Way.TRANSIT_CARD: ("partner", "card", "points"),
        Way.VOUCHER: ("partner", "email", "points"),
        Way.CASH: ("bank", "account", "points"),
        Way.CHARITY: ("partner", "points"),
    }

    def __init__(
        self, *args: Any, way: Way, partners: Sequence[Partner], banks: Mapping[str, str], **kwargs: Any
    ) -> None:
        """`banks`: names by their three digits."""
        super().__init__(*args, **kwargs)
        self._way = way
        self.fields["bank"].choices = [("", _("Choose a bank")), *banks.items()]  # type: ignore[attr-defined]
        for name in [name for name in self.fields if name not in self.FIELDS[way]]:
            del self.fields[name]
        if "partner" in self.fields:
            english = get_language() == "en"
            choices = [(one.code, one.name_en if english else one.name_ko) for one in partners]
            self.fields["partner"].choices = choices  # type: ignore[attr-defined]
            self.fields["partner"].initial = choices[0][0] if len(choices) == 1 else None

    def clean_email(self) -> str:
        """It stands in a line of a partner's file: no quotes, no commas, nothing that a table takes for a formula."""
        email = str(self.cleaned_data["email"])
        if not email[0].isalnum() or set(email) & set('",; '):
            raise forms.ValidationError(_("Enter an address of letters, digits, dots and hyphens."))
        return email

    def target(self) -> dict[str, str]:
        """Where the points go: `number` is what the partner's file names, `partner` whose file it is."""
        told = self.cleaned_data
        if self._way == Way.CASH:
            return {"partner": "", "number": "", "bank": told["bank"], "account": told["account"]}
        return {"partner": told["partner"], "number": told.get("card") or told.get("email") or ""}


class AnswerForm(forms.Form):
    """What a partner answered to a file."""

    file = forms.FileField(
        label=_("The partner's answer"),
        help_text=_("CSV with the columns reference, result (done or failed) and reason."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> bytes:
        try:
            return read_upload(self.cleaned_data["file"], max_bytes=LARGEST, kinds=("text",))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
