"""Filing in three steps, on every face alike: what is declared, what it comes to, filed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from billing.explain import sentences
from billing.rules.returns.kinds import DeclaredWrong, ReturnKind
from core import clock
from core.errors import Refusal
from filing import selectors, services
from filing.forms import ReturnForm, SendForm, initial_of
from filing.models import Return
from filing.services import Draft, FiledBefore, Filing, NotSourced, SaysLess, SumChanged
from filing.words import WORDS


@dataclass(frozen=True, kw_only=True)
class Page:
    """Who files what: `names` the records that may be filed for, `bodies` districts by code; `public`: on their own."""

    kind: ReturnKind
    names: Sequence[tuple[int, str]]
    bodies: Mapping[str, str]
    amends: Return | None = None
    public: bool = False

    def form(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> ReturnForm:
        first: dict[str, Any] = {"taxpayer": self.names[0][0]} if self.names else {}
        if self.amends:
            first |= initial_of(self.amends.inputs)
            first |= {"taxpayer": self.amends.taxpayer_id, "body": self.amends.body_id}
        return ReturnForm(
            data,
            kind=self.kind,
            names=self.names,
            bodies=self.bodies,
            amended=self.amends is not None,
            initial=first | dict(initial or {}),
        )


def file_page(request: HttpRequest, page: Page) -> HttpResponse:
    """The form; then what it comes to; then the return that was filed."""
    if request.method != "POST":
        return _ask(request, page, page.form())
    if request.POST.get("step") == "edit":
        typed = {name: request.POST.get(name, "") for name, field in page.form().fields.items() if not field.disabled}
        return _ask(request, page, page.form(initial=typed))
    form = page.form(request.POST)
    if not form.is_valid():
        return _ask(request, page, form, status=422)
    try:
        drawn = _computed(page, form)
    except NotSourced as refusal:
        form.add_error(None, _not_read(refusal))
    except DeclaredWrong as refusal:
        form.blame(refusal.name, refusal.code)
    else:
        return _go_on(request, page, form, drawn)
    return _ask(request, page, form, status=422)


def _go_on(request: HttpRequest, page: Page, form: ReturnForm, drawn: Draft) -> HttpResponse:
    try:
        _may_be_filed(page, form, drawn)
        if request.POST.get("step") == "file":
            return redirect("filing:return", _filed(request, page, form))
    except SaysLess:
        return _claim_instead(request, page, drawn)
    except SumChanged as refusal:
        form.add_error(None, str(refusal.message))
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return _ask(request, page, form, status=422, before=getattr(refusal, "return_id", None))
    return _preview(request, page, form, drawn)


def _not_read(refusal: NotSourced) -> str:
    said = gettext(
        "A rule that this return needs was not read in the statute, so it can't be filed here. Ask the office."
    )
    return f"{said} ({refusal.table})" if refusal.table else said


def figures(drawn: Draft) -> dict[str, Any]:
    """What a return comes to, as its pages show it."""
    names = selectors.names_of_taxes()
    lines = [
        {
            "name": names[line.tax],
            "tax": drawn.figure.taxes[line.tax],
            "penalty": line.amount - drawn.figure.taxes[line.tax],
            "surcharge": drawn.surcharges[line.tax].total if line.tax in drawn.surcharges else 0,
        }
        for line in drawn.figure.assessed.lines
    ]
    late = [step for surcharge in drawn.surcharges.values() for step in surcharge.steps]
    return {
        "draft": drawn,
        "lines": lines,
        "less": [(names[tax], won) for tax, won in drawn.figure.less.items()],
        "steps": sentences(drawn.figure.assessed.steps),
        "late_steps": sentences(late),
        "article": drawn.term.article,
    }


def _computed(page: Page, form: ReturnForm) -> Draft:
    today = clock.local_date(clock.now())
    return services.draft(kind=page.kind, values=form.values(), filed_on=today, amends=page.amends)


def _may_be_filed(page: Page, form: ReturnForm, drawn: Draft) -> None:
    """Looked at before somebody reads on; the database decides when it is filed."""
    if page.amends:
        if not selectors.filed_with(form.data.get("key", "")):
            services.check_amending(amends=page.amends, drawn=drawn, at=clock.now())
        return
    before = selectors.filed_before(form.cleaned_data["taxpayer"], page.kind.name, page.kind.thing(form.values()))
    if before is not None and not selectors.filed_with(form.data.get("key", "")):
        raise FiledBefore(before)


def _filed(request: HttpRequest, page: Page, form: ReturnForm) -> int:
    sent = SendForm(request.POST)
    if not sent.is_valid():
        raise SumChanged
    filing = Filing(
        taxpayer_id=form.cleaned_data["taxpayer"],
        body=form.cleaned_data["body"],
        kind=page.kind.name,
        values=form.values(),
        shown=sent.cleaned_data["shown"],
        key=sent.cleaned_data["key"],
        amends=page.amends,
    )
    return services.file_return(filing=filing, at=clock.now())


def _ask(
    request: HttpRequest, page: Page, form: ReturnForm, *, status: int = 200, before: int | None = None
) -> HttpResponse:
    context = {"form": form, "words": WORDS[page.kind.name], "amends": page.amends, "before": before}
    return render(request, "filing/new.html", context, status=status)


def _preview(request: HttpRequest, page: Page, form: ReturnForm, drawn: Draft) -> HttpResponse:
    sent = SendForm(request.POST)
    key = sent.data.get("key") if not sent.errors.get("key") else uuid4()
    typed = [(name, request.POST[name]) for name in form.fields if name in request.POST]
    context = figures(drawn) | {
        "form": form,
        "words": WORDS[page.kind.name],
        "amends": page.amends,
        "payer": dict(page.names).get(form.cleaned_data["taxpayer"], ""),
        "district": page.bodies[form.cleaned_data["body"]],
        "declared": selectors.declared(page.kind.name, form.values()),
        "typed": typed,
        "key": key,
    }
    return render(request, "filing/preview.html", context, status=422 if form.errors else 200)


def _claim_instead(request: HttpRequest, page: Page, drawn: Draft) -> HttpResponse:
    context = figures(drawn) | {"amends": page.amends, "words": WORDS[page.kind.name], "public": page.public}
    return render(request, "filing/less.html", context, status=422)
