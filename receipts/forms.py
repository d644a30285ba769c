from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.uploads import read_upload
from receipts import selectors

LARGEST: Final = 5 * 1024 * 1024


class CheckForm(forms.Form):
    """A file, or the number on a paper; the file says more, so it goes first."""

    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        allow_empty_file=True,
        help_text=_("The file as you received it, at most 5 MB. It is checked and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    number = forms.CharField(
        label=_("Document number"),
        required=False,
        max_length=60,
        help_text=_("On the top right of the document, for example 2026-7K3M-9QXD-4T2B."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_file(self) -> bytes | None:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            return read_upload(file, max_bytes=LARGEST, kinds=("pdf",))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal

    def clean_number(self) -> str:
        return selectors.normal_number(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("number"):
            raise forms.ValidationError(_("Choose a file or enter a document number."))
        return cleaned


class RegisterForm(forms.Form):
    text = forms.CharField(
        label=_("Document number, or number of the taxpayer's record"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays in the register."), widget=forms.Textarea
    )
