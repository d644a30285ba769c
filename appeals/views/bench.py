"""A member's desk, and the page of a case for those who sit in it: notes, votes, the draft, signatures and the seal."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, office_required, officer_of, recent_code_required
from appeals.bench_forms import AbsenceForm, DecideForm, SeatForm, StandInForm
from appeals.selectors import bench, judging
from appeals.selectors.bench_facts import Deliberation, PanelShown, RecusalShown
from appeals.selectors.facts import CaseDetail
from appeals.services import committee, panels
from appeals.views import petition
from appeals.views.bench_acts import of_the_case
from appeals.views.bill_lines import named_lines
from appeals.views.offering import Act, Offered, offered, perform
from core import clock

JUDGES: Final = (Role.COMMITTEE_MEMBER, Role.CHAIR)


@office_required(*JUDGES)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The next sittings with their cases; challenges to decide; drafts to sign."""
    return _desk(request, None)


@office_required(*JUDGES)
@recent_code_required
@require_POST
def act_on_desk(request: HttpRequest) -> HttpResponse:
    refused = perform(request, _of_the_desk(request, bench.own_panels(at=clock.now())))
    return redirect("appeals:bench") if refused is None else _desk(request, refused)


@office_required(*JUDGES)
@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """What those who sit in a case know and do; for nobody else."""
    found, inside = _found(case_id)
    return _case(request, found, inside, None)


@office_required(*JUDGES)
@recent_code_required
@require_POST
def act_on_case(request: HttpRequest, case_id: int) -> HttpResponse:
    found, inside = _found(case_id)
    refused = perform(request, of_the_case(found, inside, officer_of(request)))
    if refused is not None:
        return _case(request, found, inside, refused)
    sits = judging.deliberation(case_id) is not None  # who stepped aside sees the case no more
    return redirect("appeals:bench_case", case_id) if sits else redirect("appeals:bench")


def _desk(request: HttpRequest, refused: Offered | None) -> HttpResponse:
    at = clock.now()
    own, mine = judging.own_member(), bench.own_panels(at=at)
    context = {
        "member": bench.member(own, at=at) if own else None,
        "panels": mine,
        "challenges": judging.to_decide(),
        "drafts": judging.drafts_to_sign(),
        "to_write": judging.to_write(),
        "offered": offered(_of_the_desk(request, mine), refused),
        "act_url": reverse("appeals:act_on_bench"),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/bench.html", context, status=422 if refused else 200)


def _of_the_desk(request: HttpRequest, mine: list[PanelShown]) -> dict[str, Act]:
    officer_id, own = officer_of(request).account_id, judging.own_member()
    if own is None:
        return {}
    acts = {f"decide-{one.id}": _decide(one, officer_id) for one in judging.to_decide()}

    def is_away(said: dict[str, Any]) -> str:
        committee.be_absent(from_on=said["from_on"], until_on=said["until_on"], at=clock.now())
        return gettext("You are not drawn for panels of these days.")

    acts["absent"] = Act(title=_("Days on which you can't sit"), button=_("Say so"), make=AbsenceForm, work=is_away)
    for one in mine:
        if one.seated and not one.there and any(seat.member_id == own and seat.place == 0 for seat in one.bench):
            acts[f"standin-{one.id}"] = _name_standin(one, officer_id)
    own_seats = [
        (str(one.id), f"{date_format(one.day, 'DATE_FORMAT')}, {one.begins}")
        for one in mine
        if not one.there and any(seat.member_id == own and seat.place > 1 for seat in one.bench)
    ]
    if own_seats:
        acts["seat"] = _give_up(own_seats, own, officer_id)
    return acts


def _decide(asked: RecusalShown, officer_id: int) -> Act:
    def decides(said: dict[str, Any]) -> str:
        committee.decide_challenge(
            recusal_id=asked.id, granted=said["granted"], because=said["because"], officer_id=officer_id, at=clock.now()
        )
        return gettext("The challenge is decided, and the petitioner is told.")

    return Act(
        title=_("Challenge of %(name)s") % {"name": asked.member},
        text=asked.reason,
        button=_("Decide"),
        make=DecideForm,
        work=decides,
    )


def _name_standin(sitting: PanelShown, officer_id: int) -> Act:
    def names(said: dict[str, Any]) -> str:
        panels.name_standin(panel_id=sitting.id, member_id=said["member"], officer_id=officer_id, at=clock.now())
        return gettext("They preside if neither you nor the vice-chair comes.")

    drawn = [(str(seat.member_id), seat.name) for seat in sitting.bench if seat.place > 1]
    return Act(
        title=_("%(day)s, %(begins)s: who presides if neither you nor the vice-chair comes")
        % {"day": date_format(sitting.day, "DATE_FORMAT"), "begins": sitting.begins},
        text=_("Named now: %(name)s") % {"name": sitting.standin_name} if sitting.standin_name else "",
        button=_("Name them"),
        make=StandInForm,
        facts={"members": drawn, "initial": {"member": str(sitting.standin or "")}},
        work=names,
    )


def _give_up(own_seats: list[tuple[str, str]], own: int, officer_id: int) -> Act:
    def gives_up(said: dict[str, Any]) -> str:
        panels.give_up_seat(
            panel_id=said["member"], member_id=own, reason=said["reason"], officer_id=officer_id, at=clock.now()
        )
        return gettext("The seat is free. The next of the drawn order takes it, nobody else moves.")

    def form(data: Any, **facts: Any) -> SeatForm:
        made = SeatForm(data, **facts)
        made.fields["member"].label = _("Sitting")
        return made

    return Act(
        title=_("You can't come to a sitting"),
        button=_("Give up the seat"),
        make=form,
        facts={"members": own_seats},
        work=gives_up,
        danger=True,
    )


def _case(request: HttpRequest, found: CaseDetail, inside: Deliberation, refused: Offered | None) -> HttpResponse:
    context = {
        "case": found,
        "inside": inside,
        "lines": named_lines(found, found.ruling),
        "offered": offered(of_the_case(found, inside, officer_of(request)), refused),
        "act_url": reverse("appeals:act_on_bench_case", args=[found.summary.id]),
        "form": refused.form if refused else None,
    }
    return render(request, "appeals/office/bench_case.html", context, status=422 if refused else 200)


def _found(case_id: int) -> tuple[CaseDetail, Deliberation]:
    found, inside = petition.found_case(case_id, staff=True), judging.deliberation(case_id)
    if inside is None:
        raise Http404
    return found, inside
