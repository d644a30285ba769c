"""Forms of a clerk about taxpayers' records."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.office import reason_field
from accounts.services.joint_owners import Part

RECORD: Final = 2**62
LINE: Final = re.compile(r"(\d{1,18})(?:\s+(\d{1,9})\s*/\s*(\d{1,9}))?", re.ASCII)
MOST_OWNERS: Final = 200


class FindForm(forms.Form):
    text = forms.CharField(
        label=_("Name or number of the record"),
        max_length=100,
        help_text=_("The name in full, as it stands on a bill. The search is recorded in the audit trail."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewcomerForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("person", _("Person (Korean or foreigner)")), ("business", _("Business"))],
    )
    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    number = forms.CharField(
        label=_("Resident, foreigner's or business registration number"),
        max_length=20,
        help_text=_("13 digits, or 10 for a business. It is sealed at once: this site can't read it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Present address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = reason_field()


class AddressForm(forms.Form):
    text = forms.CharField(
        label=_("New address"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    starts_on = forms.DateField(label=_("First day there"), help_text=_("For example 2026-06-30"))
    reason = reason_field()


class DeathForm(forms.Form):
    died_on = forms.DateField(
        label=_("Date of death"),
        required=False,
        help_text=_("For example 2026-06-30. Leave it empty to take back a death that was recorded by mistake."),
    )
    reason = reason_field()


class HeirForm(forms.Form):
    heir_id = forms.IntegerField(label=_("Number of the heir's record"), min_value=1, max_value=RECORD)
    reason = reason_field()


class OwnersForm(forms.Form):
    """`owners`: one line each, the number of a record and a share; no shares at all means equal ones."""

    owners = forms.CharField(
        label=_("Co-owners and shares"),
        max_length=10_000,
        help_text=_(
            "One line for each: the number of the record, a space, the share. For example: 17 1/2. Without shares all "
            "are equal."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    starts_on = forms.DateField(label=_("First day"), help_text=_("For example 2026-06-30"))
    reason = reason_field()

    def clean_owners(self) -> list[Part]:
        lines = [line.strip() for line in self.cleaned_data["owners"].splitlines() if line.strip()]
        if len(lines) > MOST_OWNERS:
            raise forms.ValidationError(_("These are too many co-owners for one record (at most 200)."))
        return [_part(line) for line in lines]


def _part(line: str) -> Part:
    found = LINE.fullmatch(line)
    if found is None or (found[3] is not None and not int(found[3])):
        raise forms.ValidationError(_("This line can't be read: %(line)s"), params={"line": line[:60]})
    share = Fraction(int(found[2]), int(found[3])) if found[2] else None
    return Part(int(found[1]), share)
