"""Forms of publishing a decision and of looking for one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.decision_states import DecisionGround
from appeals.selectors.decisions import Wanted
from appeals.services.publish import PublicText
from appeals.states import Outcome

ANY: Final = ("", _("All"))


class PublishForm(forms.Form):
    ground = forms.ChoiceField(label=_("What the case turned on"), choices=DecisionGround.choices)
    gist_ko = forms.CharField(
        label=_("Gist in Korean"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "lang": "ko"})
    )
    gist_en = forms.CharField(
        label=_("Gist in English"),
        max_length=300,
        required=False,
        help_text=_("Those who read and search in English find the decision by it."),
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
    )
    claims = forms.CharField(
        label=_("What the petitioner claimed"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    reasons = forms.CharField(label=_("Reasons"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}))

    def __init__(self, *args: Any, again: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if again:
            self.fields["because"] = forms.CharField(
                label=_("Why the text is corrected"),
                max_length=300,
                help_text=_("Everybody reads it beside the number of the former version."),
            )

    def says(self) -> PublicText:
        """What was typed, once it is valid."""
        told = self.cleaned_data
        return PublicText(**{**told, "ground": DecisionGround(told["ground"])})


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        help_text=_("In Korean or English; every word has to stand in the decision."),
    )
    tax = forms.ChoiceField(label=_("Tax"), required=False)
    ground = forms.ChoiceField(
        label=_("What the case turned on"), required=False, choices=[ANY, *DecisionGround.choices]
    )
    outcome = forms.ChoiceField(label=_("Ruling"), required=False, choices=[ANY, *Outcome.choices])
    year = forms.TypedChoiceField(label=_("Year of the ruling"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, taxes: list[tuple[str, str]], years: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("tax", taxes), ("year", [(str(year), str(year)) for year in years])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [ANY, *choices]

    def wanted(self) -> Wanted:
        """What was asked for, once it is valid."""
        told = self.cleaned_data
        return Wanted(
            words=told["q"], tax=told["tax"], ground=told["ground"], outcome=told["outcome"], year=told["year"]
        )
