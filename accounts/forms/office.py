from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import AuthorityKind, Relation, Role


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays in the audit trail."), widget=forms.Textarea
    )


class AppointForm(forms.Form):
    """`bodies`: (code, name) of the bodies an officer may belong to."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    body = forms.ChoiceField(label=_("Office"))

    def __init__(self, data: Any = None, *, bodies: list[tuple[str, str]]) -> None:
        super().__init__(data)
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)  # noqa: S101 (declared above)
        body.choices = bodies


class AskRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    reason = reason_field()

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class ReasonForm(forms.Form):
    reason = reason_field()


class RelativeForm(forms.Form):
    relation = forms.ChoiceField(label=_("Who is it?"), choices=Relation.choices)
    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    number = forms.CharField(
        label=_("Resident number"),
        max_length=20,
        help_text=_("13 digits. It is sealed at once: this site can't read it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_relation(self) -> Relation:
        return Relation(self.cleaned_data["relation"])


class AuthorityForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in (AuthorityKind.AGENT, AuthorityKind.DELEGATE)],
        help_text=_("Heirs and co-owners are recorded on the taxpayer's own page."),
    )
    principal_id = forms.IntegerField(
        label=_("Number of the taxpayer's record"), min_value=1, max_value=2**62, help_text=_("For whom somebody acts.")
    )
    agent_email = forms.EmailField(
        label=_("E-mail address of the person who acts"),
        max_length=254,
        help_text=_("Of an account whose identity is verified."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    starts_on = forms.DateField(label=_("First day"), help_text=_("For example 2026-06-30"))
    ends_on = forms.DateField(label=_("Last day"), help_text=_("For example 2026-06-30"))
    reason = reason_field()

    def clean_kind(self) -> AuthorityKind:
        return AuthorityKind(self.cleaned_data["kind"])
