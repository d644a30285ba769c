"""Forms of sealing: a side asks, the court decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.seal_states import SealGround
from appeals.services.sealing import Thing

WHOLE: Final = "case"
Choices = Sequence[tuple[str, str]]


class ThingForm(forms.Form):
    """Names something of a case; `things`: its files and lines that can be named."""

    what = forms.ChoiceField(label=_("What"))

    def __init__(self, *args: Any, things: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(WHOLE, _("The whole case")), *things] if self.whole else list(things)

    whole = True

    def thing(self, case_id: int) -> Thing:
        """What was chosen, once it is valid."""
        kind, _sep, pk = str(self.cleaned_data["what"]).partition("-")
        named = {"file_id": int(pk)} if kind == "file" else {"line_id": int(pk)} if kind == "line" else {}
        return Thing(case_id=case_id, **named)


class AskSealForm(ThingForm):
    reason = forms.CharField(
        label=_("Why others should not read it"),
        max_length=1000,
        help_text=_("The court reads it; the other side does not."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AskOwnSealForm(AskSealForm):
    """Of the levying office, which can't ask for the whole case."""

    whole = False


class SealForm(ThingForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=SealGround.choices, widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("The docket gives the article only."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OpenSealForm(forms.Form):
    """Refuse what was asked for, or open a seal again."""

    because = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReaderForm(forms.Form):
    reader = forms.TypedChoiceField(label=_("Officer who explains the levy"), coerce=int)

    def __init__(self, *args: Any, officers: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reader"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(officers)
