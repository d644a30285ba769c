"""Forms of claims that a bill asked too much, and of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.selectors import LineOfClaim
from core import clock
from core.evidence import EvidenceField
from refunds.forms import DAY, DAYS, MOST_WON
from refunds.states import Ground

WON: Final = {"inputmode": "numeric", "autocomplete": "off", "size": "14"}
# What each ground is, as the law puts it: Framework Act on Local Taxes, articles 50 and 58, its decree article 30.
GROUNDS: Final = {
    Ground.RETURN: _("My return said too much (article 50 paragraph 1)"),
    Ground.LATER: _(
        "A judgment, decision, agreement, permit or contract that the tax rested on turned out otherwise "
        "(article 50 paragraph 2)"
    ),
    Ground.REQUEST: _("The office made a mistake (article 58)"),
}


class Won(forms.IntegerField):
    """A sum as people write it, also with commas."""

    def __init__(self, *, label: Any, most: int, required: bool = True, **options: Any) -> None:
        super().__init__(
            label=label,
            required=required,
            min_value=0,
            max_value=most,
            widget=forms.TextInput(attrs=WON),
            error_messages={"max_value": _("At most %(limit_value)s won: it can't be more than it is now.")},
            **options,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").strip() if isinstance(value, str) else value)


def line_fields(lines: Sequence[LineOfClaim], wanted: Mapping[int, int]) -> dict[str, Won]:
    """A field for each tax, filled with what it is to come to."""
    return {
        f"line_{line.id}": Won(
            label=_in_language(line),
            most=line.amount,
            initial=wanted.get(line.id, line.amount),
            help_text=_("In won; now %(won)s.") % {"won": f"{line.amount:,}"},
        )
        for line in lines
    }


class ClaimForm(forms.Form):
    """Why a bill asked too much, since when that is known, and what each tax should be (decree article 31)."""

    ground = forms.ChoiceField(label=_("Why the bill asks too much"), widget=forms.RadioSelect)
    known_on = forms.DateField(
        label=_("Day on which you heard of it"),
        required=False,
        input_formats=DAYS,
        widget=forms.TextInput(attrs=DAY),
    )
    base = Won(label=_("Tax base that is right"), most=MOST_WON, required=False)
    text = forms.CharField(
        label=_("What is wrong, and how that can be seen"),
        max_length=1000,
        help_text=_("Name the papers that show it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    file = EvidenceField(label=_("Paper that shows it"))

    def __init__(
        self, *args: Any, grounds: Sequence[Ground], since: date, lines: Sequence[LineOfClaim], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.since, self.lines = since, lines
        ground = self.fields["ground"]
        if isinstance(ground, forms.ChoiceField):
            ground.choices = [(one.value, GROUNDS[one]) for one in grounds]
        if Ground.LATER not in grounds:
            del self.fields["known_on"]
        else:
            self.fields["known_on"].help_text = _("Only if something turned out otherwise; for example %(day)s.") % {
                "day": clock.local_date(clock.now()).isoformat()
            }
        self.fields["base"].help_text = _("In won, if it is the base that is wrong.")
        self.fields |= line_fields(lines, {})
        names = [f"line_{line.id}" for line in lines]
        self.order_fields(["ground", "known_on", *names, "base", "text", "file"])

    def wanted(self) -> dict[int, int]:
        """What each tax should be, by line id."""
        return {line.id: int(self.cleaned_data[f"line_{line.id}"]) for line in self.lines}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sums = [cleaned.get(f"line_{line.id}") for line in self.lines]
        if None not in sums and sum(filter(None, sums)) >= sum(line.amount for line in self.lines):
            self.add_error(f"line_{self.lines[0].id}", _("Enter what each tax should be, at least one less than now."))
        later = cleaned.get("ground") == Ground.LATER
        if later and "known_on" not in self.errors:
            self._check_day(cleaned.get("known_on"))
        cleaned["known_on"] = cleaned.get("known_on") if later else None
        return cleaned

    def _check_day(self, heard: date | None) -> None:
        """Whoever heard of it longer ago can't claim for it any more (article 50 paragraph 2)."""
        today = clock.local_date(clock.now())
        if heard is None:
            self.add_error("known_on", _("Enter the day on which you heard of it."))
        elif heard > today:
            self.add_error("known_on", _("This day has not come yet."))
        elif heard < self.since:
            said = _("By law this can be claimed within %(days)s days after you heard of it, so not before %(day)s.")
            told = {"days": (today - self.since).days, "day": self.since.isoformat()}
            self.add_error("known_on", said % told)


class FileForm(forms.Form):
    """One more paper."""

    file = EvidenceField(label=_("Paper that shows it"), required=True)


class AnswerForm(forms.Form):
    """An officer's answer to a claim: what each tax comes to, if it is right."""

    granted = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("The taxpayer reads it. What is taken off the bill and was paid goes back by itself."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, lines: Sequence[LineOfClaim], wanted: Mapping[int, int], may_grant: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        choices = [("yes", _("Granted: the bill is corrected as follows")), ("no", _("Not granted"))]
        granted = self.fields["granted"]
        if isinstance(granted, forms.ChoiceField):
            granted.choices = choices if may_grant else choices[1:]
        if may_grant:
            self.fields |= line_fields(lines, wanted)
        self.order_fields(["granted", *(f"line_{line.id}" for line in lines), "answer"])

    def decided(self) -> dict[int, int]:
        """What each tax comes to, by line id."""
        return {line.id: int(self.cleaned_data[f"line_{line.id}"]) for line in self.lines}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [f"line_{line.id}" for line in self.lines]
        if cleaned.get("granted") != "yes":  # then no sum is asked for
            for name in names:
                self.errors.pop(name, None)
        elif sum(cleaned.get(name) or 0 for name in names) >= sum(line.amount for line in self.lines):
            self.add_error(names[0], _("Enter what each tax comes to, at least one less than now."))
        return cleaned


def _in_language(line: LineOfClaim) -> str:
    return line.name_ko if (get_language() or "ko").startswith("ko") else line.name_en
