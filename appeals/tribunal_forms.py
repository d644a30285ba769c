"""Forms of bills before the Tax Tribunal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.desk_forms import LinesForm
from appeals.forms import Day
from appeals.services.tribunal import Decision, Seized
from appeals.tribunal_states import TribunalOutcome


class SeizedForm(forms.Form):
    """The petitioner says that they went to the Tribunal."""

    seized_on = Day(label=_("When was the claim filed with the Tribunal?"))
    tribunal_number = forms.CharField(
        label=_("Number of the claim at the Tribunal"), required=False, max_length=40, help_text=_("If it is known.")
    )
    claims = forms.CharField(
        label=_("What is asked of the Tribunal"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, today: date, issued_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today, self._issued_on = today, issued_on

    def clean_seized_on(self) -> date:
        day: date = self.cleaned_data["seized_on"]
        if not self._issued_on <= day <= self._today:
            raise forms.ValidationError(_("Enter a day after the bill was issued, and not after today."))
        return day

    def says(self) -> Seized:
        """What was typed, once it is valid."""
        return Seized(**{"heard_on": self._today, **self.cleaned_data})


class HeardForm(SeizedForm):
    """The office learned of it: it may have heard earlier than today."""

    heard_on = Day(label=_("When did the office hear of it?"), help_text=_("The answer is due 10 days after it."))
    field_order = ["seized_on", "heard_on"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        seized, heard = told.get("seized_on"), told.get("heard_on")
        if seized and heard and not seized <= heard <= self._today:
            self.add_error("heard_on", _("Enter a day after the claim was filed, and not after today."))
        return told


class TribunalAnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer to the Tribunal"),
        max_length=20_000,
        help_text=_("It goes into the file; until that is made it can be written anew. The petitioner reads it."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class DecisionForm(LinesForm):
    """What the Tribunal decided; its lines where it corrected the bill."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=TribunalOutcome.choices, widget=forms.RadioSelect)
    tribunal_number = forms.CharField(label=_("Number of the claim at the Tribunal"), required=False, max_length=40)
    decided_on = Day(label=_("Decided on"))
    told_on = Day(label=_("Notified on"), help_text=_("Interest on what is paid back depends on this day."))
    reasons = forms.CharField(
        label=_("Reasons, in short"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("decided_on") and told.get("told_on") and told["told_on"] < told["decided_on"]:
            self.add_error("told_on", _("It is notified after it was decided."))
        return told

    def says(self, told: dict[str, Any]) -> Decision:
        """What was typed, once it is valid."""
        outcome = TribunalOutcome(told["outcome"])
        names = ("tribunal_number", "decided_on", "told_on", "reasons")
        lines = self.lines(told) if outcome == TribunalOutcome.CORRECTED else {}
        return Decision(outcome=outcome, lines=lines, **{name: told[name] for name in names})
