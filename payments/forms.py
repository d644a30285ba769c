from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.uploads import read_upload

MOST_EVIDENCE = 5 * 1024 * 1024


class CancelForm(forms.Form):
    """How much of a card payment is to be given back, and why."""

    amount = forms.IntegerField(label=_("Amount to give back, in won"), min_value=1, max_value=9_999_999_999_999)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The card company is told it too. No personal data.")
    )


class EvidenceForm(forms.Form):
    """A file that proves a card payment."""

    file = forms.FileField(
        label=_("Evidence"),
        allow_empty_file=True,
        help_text=_("PDF or PNG, all files together at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,.pdf,.png"}),
    )

    def clean_file(self) -> tuple[str, str, bytes]:
        """Name, kind and content."""
        file = self.cleaned_data["file"]
        try:
            content = read_upload(file, max_bytes=MOST_EVIDENCE, kinds=("pdf", "png"))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return file.name, "pdf" if content.startswith(b"%PDF-") else "png", content


class AnswerForm(forms.Form):
    """What the city answers the card company."""

    statement = forms.CharField(
        label=_("What the city answers"),
        max_length=2000,
        help_text=_("It is sent once, with the files above. Say which tax was paid, by whom and when."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class SearchForm(forms.Form):
    """What an officer is told on the telephone or reads on a statement."""

    text = forms.CharField(
        label=_("Payment reference, electronic payment number or virtual account number"), max_length=64, strip=True
    )


class RouteForm(forms.Form):
    """Which gateways serve a way to pay, the first choice first; the next takes over where one does not answer."""

    PLACES = {1: _("First choice"), 2: _("If it does not answer"), 3: _("If that does not answer either")}
    is_open = forms.BooleanField(label=_("People can pay this way"), required=False)

    def __init__(self, *args: Any, capable: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, label in list(self.PLACES.items())[: len(capable)]:
            nobody = [] if place == 1 else [("", _("none"))]
            self.fields[f"gateway_{place}"] = forms.ChoiceField(
                label=label, required=place == 1, choices=[*nobody, *((name, name) for name in capable)]
            )
        self.order_fields([*(f"gateway_{place}" for place in self.PLACES), "is_open"])

    def gateways(self) -> list[str]:
        """The names in their order, without the places left empty."""
        chosen = [self.cleaned_data.get(f"gateway_{place}", "") for place in self.PLACES]
        return [name for name in chosen if name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.cleaned_data = cleaned
        if len(set(self.gateways())) != len(self.gateways()):
            raise forms.ValidationError(_("Name each gateway once."))
        return cleaned


class BankFileForm(forms.Form):
    """A bank's notice or statement."""

    bank = forms.ChoiceField(label=_("Bank"), choices=())
    file = forms.FileField(
        label=_("File of the bank"),
        allow_empty_file=True,
        help_text=_(
            "A camt.054 notice, a camt.053 statement or a pain.002 status report; XML in UTF-8, at most 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": "text/xml,application/xml,.xml"}),
    )

    def __init__(self, *args: Any, banks: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].choices = [("", _("Choose a bank")), *banks.items()]  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """Which business day; the youngest that is over if it is left empty."""

    day = forms.DateField(label=_("Business day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ResolveForm(forms.Form):
    """How a difference is explained."""

    note = forms.CharField(
        label=_("How it is explained"),
        help_text=_("What happened, and what was done about it. No names of taxpayers."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
