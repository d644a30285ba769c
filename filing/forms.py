"""One form for every kind of return, made of what the kind asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.returns.kinds import Input, ReturnKind
from core import clock
from filing.words import CHOICES, HINTS, LABELS, WORDS, WRONG

WON: Final = {"inputmode": "numeric", "autocomplete": "off", "size": "20"}
NUMBER: Final = {"inputmode": "numeric", "autocomplete": "off", "size": "8"}
DAY: Final = {"inputmode": "numeric", "autocomplete": "off", "size": "12"}
DAYS: Final = ["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y. %m. %d", "%Y/%m/%d"]
EARLIEST: Final = date(2000, 1, 1)


class Whole(forms.IntegerField):
    """A whole number as people write it, also with commas."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)


class ReturnForm(forms.Form):
    """A return of one kind: in whose name, at which district, and what is declared."""

    taxpayer = forms.TypedChoiceField(label=_("In whose name"), coerce=int)
    body = forms.ChoiceField(label=_("District in which it lies"))

    def __init__(
        self,
        *args: Any,
        kind: ReturnKind,
        names: Sequence[tuple[int, str]],
        bodies: Mapping[str, str],
        amended: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self._choose("taxpayer", [(str(pk), name) for pk, name in names])
        self._choose("body", [("", "–"), *bodies.items()])
        if kind.name.startswith("local_income"):
            self.fields["body"].label = _("District of residence or of the place of business")
        for given in kind.inputs:
            self.fields[given.name] = _field(given, kind.name)
        if amended:  # it is about the same thing
            for name in ("taxpayer", "body", *(given.name for given in kind.inputs if given.key)):
                self.fields[name].disabled = True

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        field.choices = choices

    def values(self) -> dict[str, Any]:
        """What was declared, as it is kept."""
        kept = {given.name: _kept(given, self.cleaned_data.get(given.name)) for given in self.kind.inputs}
        return {name: value for name, value in kept.items() if value is not None}

    def blame(self, name: str, code: str) -> None:
        """Say what doesn't fit together."""
        self.add_error(name if name in self.fields else None, str(WRONG[code]))


class PrepayForm(forms.Form):
    """A car whose tax is to be paid ahead, as the page offered it."""

    taxpayer_id = forms.IntegerField(min_value=1)
    number = forms.CharField(max_length=12)
    shown = forms.IntegerField(min_value=0)
    key = forms.UUIDField()


class SendForm(forms.Form):
    """What the page before showed: the sum, and the form's own key."""

    key = forms.UUIDField()
    shown = forms.IntegerField(min_value=0)


def initial_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was declared, as a form shows it."""
    return dict(values)


def _kept(given: Input, value: Any) -> Any:
    if value in (None, ""):
        return None
    if given.holds == "day":
        return value.isoformat()
    if given.holds == "area":
        return f"{value.normalize():f}"
    return value


def _field(given: Input, kind: str) -> forms.Field:
    words = WORDS[kind]
    about = {"label": words.object, "help_text": words.object_hint} if given.name == "object" else {}
    said: dict[str, Any] = {
        "label": LABELS.get(given.name, ""),
        "help_text": HINTS.get(given.name, ""),
        "required": given.needed,
    } | about
    if given.holds == "choice":
        return forms.ChoiceField(choices=[("", "–"), *((name, CHOICES[name]) for name in given.choices)], **said)
    if given.holds == "yes":
        return forms.BooleanField(**said | {"required": False})
    if given.holds == "text":
        return forms.CharField(max_length=given.most, **said)
    if given.holds == "area":
        return forms.DecimalField(
            min_value=given.least,
            max_value=given.most,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": "12"}),
            **said,
        )
    if given.holds == "day":
        return _Day(ahead_days=given.ahead_days, **said)
    attrs = WON if given.holds == "won" else NUMBER
    return Whole(min_value=given.least, max_value=given.most, widget=forms.TextInput(attrs=attrs), **said)


class _Day(forms.DateField):
    """A day that has come, or lies so many days ahead at most."""

    def __init__(self, *, ahead_days: int, **options: Any) -> None:
        super().__init__(input_formats=DAYS, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **options)
        self.ahead_days = ahead_days

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return day
        if day > clock.local_date(clock.now()) + timedelta(days=self.ahead_days):
            raise forms.ValidationError(_("This day lies too far ahead."))
        if day < EARLIEST:
            raise forms.ValidationError(_("This day lies too far back."))
        return day
