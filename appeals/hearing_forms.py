"""Forms of the clerk's calendar, of a hearing as it runs, and of who would like to listen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.forms import Day
from appeals.states import Presence, Speaker

TALL = {"rows": 4}


class OpenForm(forms.Form):
    until = Day(
        label=_("Open sittings until"), help_text=_("Every three weeks, in all rooms, as the city's pack says.")
    )


class MoveForm(forms.Form):
    """Another place for one case. Cleans to `away`, `reason` and `consent`."""

    not_on = Day(label=_("Not on this day"), required=False, help_text=_("For example the day on which it is set now."))
    reason = forms.CharField(label=_("Why it moves"), max_length=200, help_text=_("Both sides read it."))
    consent = forms.CharField(
        label=_("How the petitioner agreed to be told later"),
        required=False,
        max_length=200,
        help_text=_("Only if they agreed to hear of it less than three days before: when, and in which way."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        day = told.pop("not_on", None)
        return {**told, "away": [day] if day else []}


class AttendanceForm(forms.Form):
    side = forms.ChoiceField(label=_("Who came"), choices=Speaker.choices)
    presence = forms.ChoiceField(label=_("How"), choices=Presence.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Name and capacity"), required=False, max_length=200, help_text=_("For example who came for a company.")
    )


class StatementForm(forms.Form):
    side = forms.ChoiceField(label=_("Who speaks"), choices=Speaker.choices)
    text = forms.CharField(label=_("What was said"), max_length=10_000, widget=forms.Textarea(attrs=TALL))


class AdjournForm(forms.Form):
    """To another day, which comes out of the calendar. Cleans to `away` and `reason`."""

    reason = forms.CharField(label=_("Why it is adjourned"), max_length=200, help_text=_("Both sides read it."))
    not_on = Day(label=_("A day that doesn't suit"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        day = told.pop("not_on", None)
        return {**told, "away": [day] if day else []}


class LinkForm(forms.Form):
    link = forms.URLField(
        label=_("Link for attending from afar"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Begins with https://. Only petitioner, levying office and the court see it."),
    )

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if not link.startswith("https://"):
            raise forms.ValidationError(_("Enter an address that begins with https://."))
        return link


class MinutesForm(forms.Form):
    """A version of the minutes; `believed` is the version that was read."""

    believed = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(label=_("Minutes"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 16}))


class SeatForm(forms.Form):
    """Somebody would like to listen."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("A link to confirm it is sent there. The address is deleted on the day after the sitting."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
