"""Forms of service and its proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.forms import Day
from appeals.states import POST_SAYS
from core.errors import Refusal
from core.uploads import read_upload

MOST_BYTES: Final = 256 * 1024
Choices = Sequence[tuple[str, str]]


class PostForm(forms.Form):
    line = forms.ChoiceField(label=_("What is in the letter"), required=False)
    tracking = forms.CharField(label=_("Number of the registered letter"), max_length=40)
    on = Day(label=_("Posted on"))

    def __init__(self, *args: Any, things: Choices, needed: bool, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "post_%s", **options})
        field = self.fields["line"]
        field.required = needed
        if isinstance(field, forms.ChoiceField):
            field.choices = list(things)


class TellForm(forms.Form):
    letter = forms.ChoiceField(label=_("Letter"))
    says = forms.ChoiceField(
        label=_("What the post says"),
        choices=[(one.value, one.label) for one in POST_SAYS],
        widget=forms.RadioSelect,
    )
    day = Day(label=_("On which day"))
    reason = forms.CharField(label=_("What else it says"), required=False, max_length=300)

    def __init__(self, *args: Any, letters: Choices, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "tell_%s", **options})
        field = self.fields["letter"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(letters)


class PublicNoticeForm(forms.Form):
    why = forms.CharField(
        label=_("Why it can't be delivered"),
        max_length=300,
        help_text=_("Article 33. It stays in the record, and is not published."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "publish_%s", **options})


class PostFile(forms.Form):
    """What the post says of many letters; cleaned it is the file's content."""

    file = forms.FileField(
        label=_("File of the post (CSV)"),
        help_text=_("Columns tracking, outcome (delivered, returned, refused) and day; 2,000 lines, 256 kB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> bytes:
        try:
            return read_upload(self.cleaned_data["file"], max_bytes=MOST_BYTES, kinds=("text",))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
