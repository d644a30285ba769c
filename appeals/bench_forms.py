"""Forms of the committee: who keeps it, who sits on it, and who challenges a member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.bench_states import Ground, Office, Profession
from appeals.forms import Day
from appeals.states import Kind, Outcome, outcome_choices

Choices = Sequence[tuple[str, str]]
LINES: Final = {"rows": 4}
# What a committee can vote for.
SEATS: Final = [("11", _("11: chair, vice-chair and nine")), ("9", _("9: chair, vice-chair and seven"))]


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class MemberForm(forms.Form):
    """An officer becomes a member."""

    account = forms.TypedChoiceField(label=_("Officer"), coerce=int)
    name = forms.CharField(label=_("Name as rulings give it"), max_length=100)
    profession = forms.ChoiceField(label=_("Profession"), choices=Profession.choices)

    def __init__(self, *args: Any, officers: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "account", officers)


class CommissionForm(forms.Form):
    office = forms.ChoiceField(label=_("As"), choices=Office.choices, initial=Office.MEMBER)
    begins = Day(label=_("First day in office"))
    ends = Day(label=_("Last day in office"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("begins") and cleaned.get("ends") and cleaned["ends"] < cleaned["begins"]:
            self.add_error("ends", _("The last day comes after the first."))
        return cleaned


class EndForm(forms.Form):
    """A time in office ends early."""

    last_day = Day(label=_("Last day in office"), help_text=_("At the earliest yesterday."))
    because = forms.CharField(label=_("Reason"), max_length=300)


class AbsenceForm(forms.Form):
    from_on = Day(label=_("From"))
    until_on = Day(label=_("Until"), help_text=_("That day included."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("from_on") and cleaned.get("until_on") and cleaned["until_on"] < cleaned["from_on"]:
            self.add_error("until_on", _("The last day comes after the first."))
        return cleaned


class PanelForm(forms.Form):
    """A panel is called over cases."""

    day = Day(label=_("Day of the sitting"))
    part = forms.ChoiceField(label=_("Part of the day"))
    room = forms.ChoiceField(label=_("Room"))
    seats = forms.TypedChoiceField(label=_("Seats"), coerce=int, choices=SEATS)
    cases = forms.TypedMultipleChoiceField(label=_("Cases"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, parts: Choices, rooms: Choices, cases: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "part", parts)
        _offer(self, "room", rooms)
        _offer(self, "cases", cases)


class SeatsForm(forms.Form):
    """A panel for a session of the calendar."""

    seats = forms.TypedChoiceField(label=_("Seats"), coerce=int, choices=SEATS)


class AttendanceForm(forms.Form):
    there = forms.TypedMultipleChoiceField(
        label=_("Who is there"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "there", members)


class SeatForm(forms.Form):
    """Somebody who was drawn gives a seat up."""

    member = forms.TypedChoiceField(label=_("Member"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "member", members)


class StandInForm(forms.Form):
    """One of those who were drawn."""

    member = forms.TypedChoiceField(label=_("Member"), coerce=int)

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "member", members)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class RecuseForm(forms.Form):
    """A member does not sit in a case."""

    ground = forms.ChoiceField(label=_("Why they do not sit"), choices=Ground.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Explanation"), max_length=2000, widget=forms.Textarea(attrs=LINES))


class RecuseMemberForm(RecuseForm):
    """The clerk records what excludes a member by law."""

    member = forms.TypedChoiceField(label=_("Member"), coerce=int)

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "member", members)
        self.order_fields(["member", "ground", "reason"])


class ChallengeForm(forms.Form):
    """The petitioner challenges a member."""

    member = forms.TypedChoiceField(label=_("Whom do you challenge?"), coerce=int)
    reason = forms.CharField(
        label=_("Why can they not decide fairly?"),
        max_length=2000,
        help_text=_("The chair reads it and decides; of the chair, the vice-chair decides."),
        widget=forms.Textarea(attrs=LINES),
    )

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "member", members)


class DecideForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("Decision"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("The member does not sit in the case")), ("no", _("The challenge is refused"))],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        help_text=_("The petitioner reads them."),
        widget=forms.Textarea(attrs=LINES),
    )


class VoteForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Your vote"), choices=Outcome.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: str = Kind.OBJECTION, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "outcome", outcome_choices(kind))


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for the other members"),
        max_length=5000,
        help_text=_("Only who sits in this case reads it. It can't be changed."),
        widget=forms.Textarea(attrs=LINES),
    )


class DrafterForm(forms.Form):
    member = forms.TypedChoiceField(label=_("Who drafts the ruling"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "member", [("", str(_("The clerk"))), *members])


class UnableForm(forms.Form):
    """Somebody who decided can't sign."""

    member = forms.TypedChoiceField(label=_("Member"), coerce=int)
    why = forms.CharField(label=_("Why they can't sign"), max_length=300)

    def __init__(self, *args: Any, members: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "member", members)


class ReadForm(forms.Form):
    """What was read, by its hash."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
