"""Forms of the petitioner; those of the desks stand in `desk_forms`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.services.petition import Petition
from appeals.states import Kind, Wish
from core.evidence import EvidenceField

DAYS: Final = ["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y. %m. %d", "%Y/%m/%d"]
FIRST_DAY: Final = date(2017, 3, 28)
MOST_WON: Final = 10**15
MOST_DAYS: Final = 60


class Day(forms.DateField):
    def __init__(self, *, label: Any, required: bool = True, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            input_formats=DAYS,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "12", "autocomplete": "off"}),
        )


class PetitionForm(forms.Form):
    """A petition (이의신청서, 과세전적부심사청구서). A draft may be kept with gaps; what is filed may not have any.

    `served`: of a review the day on which its notice was served, which nobody need type.
    """

    served_on = Day(
        label=_("When did the bill arrive?"),
        help_text=_("The day on which you got it, or first heard of it. The 90 days are counted from there."),
    )
    wish = forms.ChoiceField(label=_("What do you ask for?"), choices=Wish.choices, widget=forms.RadioSelect)
    wish_amount = forms.IntegerField(
        label=_("To how many won?"),
        required=False,
        min_value=1,
        max_value=MOST_WON,
        help_text=_("Only if you ask for a reduction: what the whole bill should come to."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "16", "autocomplete": "off"}),
    )
    grounds = forms.CharField(
        label=_("Why is the bill wrong?"),
        max_length=10_000,
        help_text=_("In your own words. You need not name articles of law."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = EvidenceField(label=_("Evidence"))
    public_hearing = forms.BooleanField(
        label=_("I agree that the hearing is public"),
        required=False,
        help_text=_("Without your consent nobody listens but those who decide. You can attend in either case."),
    )
    remote = forms.BooleanField(label=_("I would like to attend from afar, by video"), required=False)
    language = forms.ChoiceField(
        label=_("Language of letters"), choices=[("ko", "한국어"), ("en", "English")], widget=forms.RadioSelect
    )
    interpreter = forms.CharField(
        label=_("Interpreter"), required=False, max_length=60, help_text=_("Which language, sign language included.")
    )
    accessibility = forms.CharField(
        label=_("What you need to attend"),
        required=False,
        max_length=300,
        help_text=_("For example a place for a wheelchair, or large print."),
    )
    unavailable = forms.CharField(
        label=_("Days that don't suit"),
        required=False,
        max_length=1000,
        help_text=_("One a line, for example 2026-07-31."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hindered_until = Day(
        label=_("Until when could you not file?"),
        required=False,
        help_text=_("Only if the 90 days are over because of a disaster, an illness or the like: the day it ended."),
    )
    hindrance = forms.CharField(label=_("What kept you from it?"), required=False, max_length=1000)

    def __init__(
        self,
        *args: Any,
        today: date,
        issued_on: date,
        filing: bool = True,
        served: date | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._today, self._issued_on, self._filing, self._served = today, issued_on, filing, served
        if served is not None:
            self.fields["grounds"].label = _("Why is the intended assessment wrong?")
            for name in ("served_on", "hindered_until", "hindrance"):
                del self.fields[name]
        if not filing:
            for name in {"served_on", "grounds"} & self.fields.keys():
                self.fields[name].required = False

    def clean_served_on(self) -> date | None:
        day: date | None = self.cleaned_data["served_on"]
        if day is not None and not self._issued_on <= day <= self._today:
            raise forms.ValidationError(_("A bill arrives after it was issued, and before it is contested."))
        return day

    def clean_hindered_until(self) -> date | None:
        day: date | None = self.cleaned_data["hindered_until"]
        if day is not None and not FIRST_DAY <= day <= self._today:
            raise forms.ValidationError(_("Enter a day until today."))
        return day

    def clean_unavailable(self) -> tuple[date, ...]:
        field = forms.DateField(input_formats=DAYS)
        words = str(self.cleaned_data["unavailable"]).replace(",", "\n").split("\n")
        found = {field.clean(word.strip()) for word in words if word.strip()}
        if len(found) > MOST_DAYS:
            raise forms.ValidationError(_("Name at most 60 days."))
        return tuple(sorted(found))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reduces = cleaned.get("wish") == Wish.REDUCE
        if self._filing and reduces and not cleaned.get("wish_amount") and "wish_amount" not in self.errors:
            self.add_error("wish_amount", _("Enter what the bill should come to."))
        if not reduces:
            cleaned["wish_amount"] = None
        if cleaned.get("hindrance") and not cleaned.get("hindered_until") and "hindered_until" not in self.errors:
            self.add_error("hindered_until", _("Enter the day on which it ended."))
        if cleaned.get("hindered_until") and not cleaned.get("hindrance"):
            self.add_error("hindrance", _("Say what kept you from it."))
        return cleaned

    def petition(self) -> Petition:
        told = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return Petition(**{"served_on": self._served, **told})


class NoticeArrivedForm(forms.Form):
    """When the notice of a fine arrived: from there its own days are counted. Nothing of it is kept."""

    served_on = Day(label=_("When did the notice of the fine arrive?"))

    def __init__(self, *args: Any, today: date, issued_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today, self._issued_on = today, issued_on

    def clean_served_on(self) -> date:
        day: date = self.cleaned_data["served_on"]
        if not self._issued_on <= day <= self._today:
            raise forms.ValidationError(_("A notice arrives after the bill was issued, and not after today."))
        return day


class FileForm(forms.Form):
    """One more file."""

    file = EvidenceField(label=_("Evidence"), required=True)


class MendForm(forms.Form):
    """What was missing."""

    text = forms.CharField(label=_("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    sure = forms.BooleanField(label=_("Withdraw it: the bill then stays as it is"))

    def __init__(self, *args: Any, kind: str = Kind.OBJECTION, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind == Kind.PRE_ASSESSMENT:
            self.fields["sure"].label = _("Withdraw it: the bill is then issued as noticed")
