"""A page with several things to do, each a form of its own that says which by the value of its button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext

from core.errors import Refusal

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that may be done now: `make` makes its form from what was sent (or None), `work` does it with what that
    says and answers what to tell."""

    title: Words
    button: Words
    work: Callable[[dict[str, Any]], str]
    make: Callable[..., forms.Form] = forms.Form
    text: Words = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class Offered:
    do: str
    act: Act
    form: forms.Form


def offered(acts: Mapping[str, Act], refused: Offered | None = None) -> list[Offered]:
    """Their forms, empty, but for the one that was refused."""
    return [
        refused if refused is not None and refused.do == do else Offered(do=do, act=act, form=_form(do, act, None))
        for do, act in acts.items()
    ]


def perform(request: HttpRequest, acts: Mapping[str, Act]) -> Offered | None:
    """Do what was sent; None once it is done, else the form with what was typed and what is wrong with it."""
    do = request.POST.get("do", "")
    act = acts.get(do)
    if act is None:
        form = forms.Form(request.POST)
        form.full_clean()
        form.add_error(None, gettext("This can't be done any more. Look at the page again."))
        return Offered(do="", act=Act(title="", button="", work=lambda _: ""), form=form)
    form = _form(do, act, request.POST)
    if form.is_valid():
        try:
            messages.success(request, act.work(form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return None
    return Offered(do=do, act=act, form=form)


def _form(do: str, act: Act, data: Any) -> forms.Form:
    return act.make(data, auto_id=f"{do}_%s", **act.facts)
