"""Forms of the clerk, the levying office and the chair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.forms import MOST_WON, Day
from appeals.services.desk import Says
from appeals.services.reexamination import Found
from appeals.states import CHOSEN_HOW, How, Kind, Outcome, Result, outcome_choices

LONG: Final = {"rows": 8}
WITHOUT_VOTE: Final = _(
    "The committee has carried nothing yet. "
    "Without its vote a case is only dismissed, for example because it came late."
)


class AskToMendForm(forms.Form):
    text = forms.CharField(
        label=_("What is missing"),
        max_length=2000,
        help_text=_("The petitioner reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=90, initial=20)
    agreed = forms.BooleanField(label=_("The petitioner agreed to fewer days than 20"), required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Why it was levied"),
        max_length=10_000,
        help_text=_("It is said once, and the petitioner reads it."),
        widget=forms.Textarea(attrs=LONG),
    )


class ForwardForm(forms.Form):
    to = forms.ChoiceField(label=_("Authority"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, authorities: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(authorities)


class LinesForm(forms.Form):
    """Says what each tax of a bill comes to. `names`: the bill's lines with what they ask now."""

    def __init__(self, *args: Any, names: Mapping[int, tuple[str, int]], **options: Any) -> None:
        super().__init__(*args, **options)
        first = next(iter(self.fields))
        self._lines = list(names)
        for line, (name, amount) in names.items():
            self.fields[f"line_{line}"] = forms.IntegerField(
                label=_("%(tax)s: comes to so many won") % {"tax": name},
                required=False,
                min_value=0,
                max_value=MOST_WON,
                help_text=_("Only to correct the bill. It asks %(won)s won now.") % {"won": f"{amount:,}"},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "16", "autocomplete": "off"}),
            )
        order = [first, *(f"line_{line}" for line in names)]
        self.order_fields([*order, *(name for name in self.fields if name not in order)])

    def lines(self, told: Mapping[str, Any]) -> dict[int, int]:
        """Won by line id, of the lines for which something was typed."""
        return {line: told[f"line_{line}"] for line in self._lines if told.get(f"line_{line}") is not None}


class RulingForm(LinesForm):
    """What was decided: what the committee `carried`, or, where it carried nothing, that it is dismissed."""

    outcome = forms.ChoiceField(label=_("Ruling"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=20_000,
        help_text=_("The petitioner reads them in the ruling."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, *args: Any, carried: str, kind: str = Kind.OBJECTION, **options: Any) -> None:
        super().__init__(*args, **options)
        outcome = carried or Outcome.DISMISSED
        field = self.fields["outcome"]
        field.help_text = _("The committee carried it.") if carried else WITHOUT_VOTE
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one, label) for one, label in outcome_choices(kind) if one == outcome]

    def says(self, told: Mapping[str, Any]) -> Says:
        """What was typed, once it is valid."""
        outcome = Outcome(told["outcome"])
        lines = self.lines(told) if outcome == Outcome.CORRECTED else {}
        return Says(outcome=outcome, reasons=told["reasons"], lines=lines)


class ResultForm(LinesForm):
    """What the levying office found when it examined a bill anew."""

    result = forms.ChoiceField(label=_("What was found"), choices=Result.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=20_000,
        help_text=_("The petitioner reads them with the result."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def found(self) -> Found:
        """What was typed, once it is valid."""
        told = self.cleaned_data
        result = Result(told["result"])
        lines = self.lines(told) if result == Result.REDUCED else {}
        return Found(result=result, reasons=told["reasons"], lines=lines)


class LongerForm(forms.Form):
    """A review takes longer."""

    text = forms.CharField(
        label=_("Why it takes longer"),
        max_length=2000,
        help_text=_("The petitioner reads it. It is possible once, for 30 days."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ServeForm(forms.Form):
    how = forms.ChoiceField(
        label=_("How it is served"), choices=[(one.value, one.label) for one in CHOSEN_HOW], widget=forms.RadioSelect
    )
    on = Day(label=_("On which day"), help_text=_("The day of delivery. The time to appeal is counted from it."))
    tracking = forms.CharField(
        label=_("Number of the registered letter"), required=False, max_length=40, help_text=_("Only by mail.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("how") == How.POST and not cleaned.get("tracking"):
            self.add_error("tracking", _("Enter the number of the letter."))
        return cleaned


class ServeRulingForm(ServeForm):
    """A letter serves on the day that the post says, which is recorded when it is known."""

    on = Day(
        label=_("On which day"),
        help_text=_("Of handing it over, or of posting it: a letter serves on the day that it is delivered."),
    )


class CounterForm(forms.Form):
    """Somebody at the counter contests a bill."""

    text = forms.CharField(
        label=_("Electronic payment number or tax number of the bill"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "34"}),
    )
