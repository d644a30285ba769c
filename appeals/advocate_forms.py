"""Forms about advocates: of the clerk who keeps the pool, of the advocate, of the petitioner, of the levying office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.advocate_states import LEVELS, Partner, Person, Work
from appeals.forms import MOST_WON, Day
from appeals.services.pool import Profile

AREA: Final = {"rows": 5}


class ProfileForm(forms.Form):
    """What the clerk keeps of an advocate; a field for each tax."""

    in_pool = forms.BooleanField(
        label=_("In the pool"),
        required=False,
        help_text=_("Whoever leaves the pool leaves their running cases, and others are drawn for them."),
    )
    most = forms.IntegerField(label=_("Cases at once, at most"), min_value=0, max_value=100)
    team = forms.ChoiceField(
        label=_("Team where they work"), required=False, help_text=_("They get no case about what it levied.")
    )
    districts = forms.MultipleChoiceField(
        label=_("Districts of which they are given no case"), required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    room = forms.CharField(label=_("Office room"), max_length=100, required=False)

    def __init__(
        self,
        *args: Any,
        taxes: Mapping[str, str],
        teams: Sequence[tuple[str, str]],
        districts: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._taxes = list(taxes)
        self.fields["team"].choices = [("", _("none of these")), *teams]  # type: ignore[attr-defined]
        self.fields["districts"].choices = list(districts)  # type: ignore[attr-defined]
        for code, name in taxes.items():
            self.fields[f"tax_{code}"] = forms.TypedChoiceField(
                label=_("Knows %(tax)s") % {"tax": name},
                choices=LEVELS,
                coerce=int,
                initial=0,
                required=False,
            )

    def profile(self) -> Profile:
        told = self.cleaned_data
        knows = {code: int(told[f"tax_{code}"]) for code in self._taxes if told[f"tax_{code}"]}
        rest = {name: told[name] for name in ("in_pool", "districts", "team", "most", "phone", "room")}
        return Profile(knows=knows, **rest)


class ReachForm(forms.Form):
    """How petitioners reach an advocate."""

    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    room = forms.CharField(label=_("Office room"), max_length=100, required=False)


class AbsenceForm(forms.Form):
    begins = Day(label=_("First day"))
    ends = Day(label=_("Last day"))


class ConflictForm(forms.Form):
    number = forms.CharField(
        label=_("Case number"),
        max_length=30,
        help_text=_("Of any case of that petitioner. It counts for all of theirs."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The clerk reads it, and nobody else."))


class AnotherForm(forms.Form):
    """The petitioner wants another advocate."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        help_text=_("You need not give one."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(label=_("Draw another advocate for me. I know that I can ask once."))


class WriteForm(forms.Form):
    """A letter to the other."""

    text = forms.CharField(label=_("Your letter"), max_length=5_000, widget=forms.Textarea(attrs=AREA))


class WriteToForm(WriteForm):
    """The advocate's, to one side."""

    whom = forms.ChoiceField(
        label=_("To whom"),
        choices=Partner.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "What you ask the levying office stands on the docket. Nobody else reads letters to the petitioner."
        ),
    )
    field_order = ("whom", "text")


class BriefForm(forms.Form):
    text = forms.CharField(
        label=_("Brief"),
        max_length=30_000,
        help_text=_("Nobody reads a draft but you. Filed, it can't be changed; petitioner and court read it."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=5_000, help_text=_("For you alone."), widget=forms.Textarea(attrs={"rows": 3})
    )


class TimeForm(forms.Form):
    day = Day(label=_("Day of the work"))
    minutes = forms.IntegerField(
        label=_("How many minutes"),
        min_value=-1440,
        max_value=1440,
        help_text=_("Below zero to take back what was entered by mistake."),
    )
    work = forms.ChoiceField(label=_("What for"), choices=Work.choices)

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if minutes == 0:
            raise forms.ValidationError(_("Enter how many minutes."))
        return minutes


class ReplyForm(forms.Form):
    """The levying office's, once."""

    text = forms.CharField(
        label=_("Reply"),
        max_length=5_000,
        help_text=_("It is said once, and stands on the docket."),
        widget=forms.Textarea(attrs=AREA),
    )


class CounselForm(forms.Form):
    """What a petitioner has, for an appointed professional."""

    person = forms.ChoiceField(label=_("Who asks"), choices=Person.choices, widget=forms.RadioSelect)
    yearly = forms.IntegerField(
        label=_("Income of a year, or sales, in won"),
        min_value=0,
        max_value=MOST_WON,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "16", "autocomplete": "off"}),
    )
    owned = forms.IntegerField(
        label=_("Worth of the property, or the assets, in won"),
        min_value=0,
        max_value=MOST_WON,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "16", "autocomplete": "off"}),
    )
    unlisted = forms.BooleanField(label=_("I am not on the list of delinquents (고액·상습체납자)"), required=False)


class DecideCounselForm(forms.Form):
    """The clerk's answer."""

    grants = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("Appointed")), ("no", _("Not appointed"))], widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name of the professional"), max_length=100, required=False)
    contact = forms.CharField(label=_("How they are reached"), max_length=200, required=False)
    because = forms.CharField(
        label=_("Why not"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("grants") == "yes" and not cleaned.get("name"):
            self.add_error("name", _("Name the professional."))
        if cleaned.get("grants") == "no" and not cleaned.get("because"):
            self.add_error("because", _("Say why: the petitioner reads it."))
        return cleaned
