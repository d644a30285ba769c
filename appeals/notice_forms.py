"""Forms of notices of intended assessments."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.selectors.taxpayers import find_taxpayers
from appeals.forms import FIRST_DAY, MOST_WON, Day
from appeals.notice_states import NoReview, NoticeGround
from appeals.selectors.notices import NoticeShown
from appeals.services.notices import NoticeLine, NoticeSays

WON: Final = {"inputmode": "numeric", "size": "16", "autocomplete": "off"}


class NoticeForm(forms.Form):
    """An intended assessment. `taxes`: those that are heard of here; `beside`: those that go on a bill with them."""

    taxpayer = forms.CharField(
        label=_("Whose it is"),
        max_length=100,
        help_text=_("The number of their record, or their name if nobody else has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tax = forms.ChoiceField(label=_("Tax"))
    amount = forms.IntegerField(
        label=_("Won"), min_value=10, max_value=MOST_WON, step_size=10, widget=forms.TextInput(attrs=WON)
    )
    beside = forms.ChoiceField(label=_("Tax that is levied beside it"), required=False)
    beside_amount = forms.IntegerField(
        label=_("Won of that"), required=False, min_value=10, max_value=MOST_WON, step_size=10,
        widget=forms.TextInput(attrs=WON),
    )  # fmt: skip
    tax_year = forms.IntegerField(
        label=_("Year"), min_value=2011, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    term = forms.IntegerField(
        label=_("Term"), min_value=1, max_value=9, initial=1, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    object_ref = forms.CharField(label=_("What is taxed"), max_length=24, help_text=_("As bills name it."))
    liability_on = Day(label=_("The day on which the tax arose"))
    ground = forms.ChoiceField(label=_("Why it is noticed"), choices=NoticeGround.choices, widget=forms.RadioSelect)
    basis = forms.CharField(
        label=_("What it rests on"),
        max_length=2000,
        help_text=_("The payer reads it: the facts, how the sum came about, the articles."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    no_review = forms.ChoiceField(label=_("Review"), required=False, choices=NoReview.choices, widget=forms.RadioSelect)
    expires_on = Day(
        label=_("The right to assess ends on"), required=False, help_text=_("Needed where little time is left.")
    )

    def __init__(self, *args: Any, taxes: list[tuple[str, str]], beside: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("tax", taxes), ("beside", [("", "–"), *beside])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_taxpayer(self) -> int:
        found = find_taxpayers(self.cleaned_data["taxpayer"].strip(), most=2)
        if len(found) != 1:
            raise forms.ValidationError(
                _("No record of your office fits, or more than one does. Enter the number of the record.")
            )
        return found[0].id

    def clean_liability_on(self) -> Any:
        day = self.cleaned_data["liability_on"]
        if day is not None and day < FIRST_DAY:
            raise forms.ValidationError(_("No table of the city holds before 2017-03-28."))
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if bool(told.get("beside")) != bool(told.get("beside_amount")) and "beside_amount" not in self.errors:
            self.add_error("beside_amount", _("Enter both the tax beside it and its won, or neither."))
        if told.get("no_review") == NoReview.EXPIRES and not told.get("expires_on") and "expires_on" not in self.errors:
            self.add_error("expires_on", _("Enter the day on which the right to assess ends."))
        return told

    def says(self, *, body_id: str) -> NoticeSays:
        """What was typed, once it is valid."""
        told = self.cleaned_data
        lines = [NoticeLine(tax=told["tax"], amount=told["amount"])]
        if told["beside"]:
            lines.append(NoticeLine(tax=told["beside"], amount=told["beside_amount"]))
        return NoticeSays(
            taxpayer_id=told["taxpayer"],
            body_id=body_id,
            tax_id=told["tax"],
            tax_year=told["tax_year"],
            term=told["term"],
            object_ref=told["object_ref"],
            liability_on=told["liability_on"],
            lines=lines,
            ground=NoticeGround(told["ground"]),
            basis=told["basis"],
            no_review=NoReview(told["no_review"]),
            expires_on=told["expires_on"],
        )


def initial_of(notice: NoticeShown) -> dict[str, Any]:
    """What a notice says, for writing it anew."""
    names = ("tax_year", "term", "object_ref", "liability_on", "ground", "basis", "no_review", "expires_on")
    first, *more = notice.lines
    said = {name: getattr(notice, name) for name in names}
    said |= {"taxpayer": str(notice.taxpayer_id), "tax": notice.tax_id, "amount": first["amount"]}
    return said | ({"beside": more[0]["tax"], "beside_amount": more[0]["amount"]} if more else {})


class DropForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The payer reads it."))
