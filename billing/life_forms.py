"""Forms of what officers do to a bill. `values()` is what the service wants beside bill, officer, reason and moment."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.selectors.officers import body_names
from billing.forms import BIRTH_DATES, FIRST_DAY, LAST_DAY
from billing.rules.plans import Share
from billing.selectors import BillDetail, BillLife, DetailLine, all_taxes

# Steps of a bill with the discount for a year paid early, of which no rule says what stays when the car leaves.
DISCOUNTED: Final = frozenset({"whole_year_in_june", "prepayment_discount"})
PART: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[\s,;:]+([\d,]{1,20})\s*(?:원|won)?", re.ASCII)


class Day(forms.DateField):
    """A day as officers type it."""

    def __init__(self, *, label: Any, required: bool = True, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            input_formats=BIRTH_DATES,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "12", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> Any:
        """No table of the city holds before 2017, and what lies beyond 2100 is a slip of the pen."""
        day = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Enter a day between 2017 and 2100."))
        return day


class ChangeForm(forms.Form):
    """Only a reason: to cancel, replace, write off or take up again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The payer reads it on the bill's page."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, bill: BillDetail, life: BillLife, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(bill, life, today)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def prepare(self, bill: BillDetail, life: BillLife, today: date) -> None:
        """Fields that depend on the bill."""

    def values(self) -> dict[str, Any]:
        return {}


class ReduceForm(ChangeForm):
    """By how much each tax is reduced."""

    def prepare(self, bill: BillDetail, life: BillLife, today: date) -> None:
        for line in bill.today.lines:
            self.fields[f"line_{line.owed.line_id}"] = _won_of(line)

    def values(self) -> dict[str, Any]:
        won = {int(name[5:]): value for name, value in self.cleaned_data.items() if name.startswith("line_") and value}
        return {"lines": won}


class VehicleLeftForm(ReduceForm):
    """When a car was sold or scrapped; sums only where the rules compute none."""

    occasion = forms.ChoiceField(
        label=_("What happened to the car"),
        widget=forms.RadioSelect,
        choices=[
            ("transfer", _("Transferred to somebody else, who is taxed from that day on")),
            ("scrapping", _("Taken off the register; that day still counts")),
        ],
    )
    on = Day(label=_("Day in the vehicle register"))

    def prepare(self, bill: BillDetail, life: BillLife, today: date) -> None:
        if DISCOUNTED & {step.code for step in bill.steps}:
            super().prepare(bill, life, today)

    def values(self) -> dict[str, Any]:
        return {"occasion": self.cleaned_data["occasion"], "on": self.cleaned_data["on"], **super().values()}


class DeferForm(ChangeForm):
    from_on = Day(label=_("From"))
    until_on = Day(label=_("Until"), help_text=_("At most six months; once more for six."))

    def prepare(self, bill: BillDetail, life: BillLife, today: date) -> None:
        self.fields["from_on"].initial = today

    def values(self) -> dict[str, Any]:
        return {"from_on": self.cleaned_data["from_on"], "until_on": self.cleaned_data["until_on"]}


class InstalmentsForm(ChangeForm):
    plan = forms.ChoiceField(
        label=_("Kind of plan"),
        choices=[
            ("statutory", _("Large property tax: two parts, as the law allows")),
            ("free", _("A plan of the office, for who is in need")),
        ],
        initial="free",
        widget=forms.RadioSelect,
    )
    parts = forms.CharField(
        label=_("Parts"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A part a line: the day and the won, for example 2026-09-30 1250000. Together what is unpaid."),
    )

    def prepare(self, bill: BillDetail, life: BillLife, today: date) -> None:
        self.fields["parts"].initial = f"{max(bill.summary.due_on, today)} {bill.today.owed.tax}"

    def clean_parts(self) -> list[Share]:
        return [_share(line.strip()) for line in self.cleaned_data["parts"].splitlines() if line.strip()]

    def values(self) -> dict[str, Any]:
        return {"plan": self.cleaned_data["plan"], "parts": self.cleaned_data["parts"]}


class ContestForm(ChangeForm):
    from_on = Day(label=_("Filed on"))

    def values(self) -> dict[str, Any]:
        return {"from_on": self.cleaned_data["from_on"]}


class HoldForm(ContestForm):
    from_on = Day(label=_("From"))
    decided_on = Day(
        label=_("Day of the decision"),
        required=False,
        help_text=_("The sale is put off until 30 days after it. Leave it empty where nothing is decided yet."),
    )

    def values(self) -> dict[str, Any]:
        return super().values() | {"decided_on": self.cleaned_data["decided_on"]}


class RemindForm(ChangeForm):
    from_on = Day(label=_("Served on"))
    until_on = Day(label=_("To be paid until"), help_text=_("At most twenty days later."))

    def values(self) -> dict[str, Any]:
        return {"from_on": self.cleaned_data["from_on"], "until_on": self.cleaned_data["until_on"]}


class SeizeForm(ContestForm):
    from_on = Day(label=_("Seized on"))


class EndForm(ChangeForm):
    """Which of what stands beside the bill ends, and when."""

    fact = forms.TypedChoiceField(label=_("What ends"), coerce=int, widget=forms.RadioSelect)
    on = Day(label=_("Ends on"), help_text=_("Of a sale put off the day of the decision, of a seizure its release."))

    def prepare(self, bill: BillDetail, life: BillLife, today: date) -> None:
        choices = [(fact.id, f"{fact.kind_label} ({fact.from_on})") for fact in life.facts if fact.can_end]
        self.fields["fact"].choices = choices  # type: ignore[attr-defined]
        self.fields["on"].initial = today

    def values(self) -> dict[str, Any]:
        return {"fact_id": self.cleaned_data["fact"], "on": self.cleaned_data["on"]}


class DecideForm(forms.Form):
    """A second officer's decision."""

    approved = forms.TypedChoiceField(
        label=_("Decision"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("Confirm")), ("no", _("Reject"))],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label=_("Why it is rejected"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ExtensionForm(forms.Form):
    """An act that moves due dates for everybody it names."""

    nominal_from = Day(label=_("Due by law from"))
    nominal_to = Day(label=_("Due by law until"))
    taxes = forms.MultipleChoiceField(
        label=_("Taxes"),
        required=False,
        help_text=_("None marked means all."),
        widget=forms.CheckboxSelectMultiple,
    )
    bodies = forms.MultipleChoiceField(
        label=_("Districts and agencies"),
        required=False,
        help_text=_("None marked means all."),
        widget=forms.CheckboxSelectMultiple,
    )
    due = Day(label=_("New due date"))
    article = forms.CharField(label=_("Article of law"), max_length=200, initial="지방세기본법 제26조")
    reason_ko = forms.CharField(label=_("Reason in Korean"), max_length=300)
    reason_en = forms.CharField(label=_("Reason in English"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taxes"].choices = [(tax.code, name_of(tax)) for tax in all_taxes()]  # type: ignore[attr-defined]
        self.fields["bodies"].choices = list(body_names().items())  # type: ignore[attr-defined]


def names_of(*, taxes: Collection[str], bodies: Collection[str]) -> dict[str, list[str]]:
    """The names of taxes and levying bodies that an act lists by their codes."""
    known = body_names()
    return {
        "taxes": [name_of(tax) for tax in all_taxes() if tax.code in taxes],
        "bodies": [known.get(code, code) for code in bodies],
    }


def name_of(one: Any) -> str:
    """The name of a tax or line in the reader's language."""
    return str(one.name_ko if (get_language() or "ko").startswith("ko") else one.name_en)


def _won_of(line: DetailLine) -> forms.IntegerField:
    return forms.IntegerField(
        label=name_of(line),
        required=False,
        min_value=0,
        max_value=line.owed.amount,
        help_text=_("Won to take off, at most %(most)s.") % {"most": f"{line.owed.amount:,}"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _share(line: str) -> Share:
    found = PART.fullmatch(line)
    try:
        if found:
            return Share(due_on=date.fromisoformat(found[1]), amount=int(found[2].replace(",", "")))
    except ValueError:
        pass
    raise forms.ValidationError(_("This line can't be read: %(line)s") % {"line": line[:60]})
