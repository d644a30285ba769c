"""Worker: who sits is drawn (ADR 0036) and seated; who gives a seat up is followed by the next of the same order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction

from appeals.bench_states import PANEL_TRANSITIONS, Office, PanelStatus, Profession, Short
from appeals.draw_states import DrawKind
from appeals.models import Absence, BenchSeat, Commission, Draw, Entry, Listed, Member, Panel
from appeals.rules import panels
from appeals.services.draws import Marks, begin_draw, whose_marks
from appeals.states import Event, Side
from billing.selectors.city import dated_tables
from core import audit
from core.states import StaleState, move

ABOUT: Final = "panel:{}"
FIRST_DRAWN: Final = 2
log = structlog.get_logger(__name__)


def draw_panel(*, panel_id: int, at: datetime) -> None:
    """Fix who may sit and over which cases, and begin the draw; or say why nobody can be drawn. Safe to repeat."""
    with transaction.atomic():
        panel = Panel.objects.get(pk=panel_id)
        if panel.status != PanelStatus.CALLED:
            if panel.status == PanelStatus.SEATED:
                _tell(panel, at)  # cases that the calendar put there later
            return
        marks = Marks()
        try:
            facts = panels.told_facts(_facts(panel, marks))
            begin_draw(kind=DrawKind.PANEL, about=ABOUT.format(panel_id), facts=facts, marks=marks, at=at)
        except (panels.UnableToDrawPanel, panels.BadPanelFacts) as error:
            _impossible(panel_id, _short(str(error)), at=at)


def seat_drawn(*, draw_id: int, at: datetime) -> None:
    """A panel's draw was told: chair, vice-chair and who was drawn take their seats. Safe to repeat."""
    draw = Draw.objects.get(pk=draw_id)
    if draw.kind != DrawKind.PANEL:
        return
    panel = Panel.objects.get(pk=int(draw.about.rpartition(":")[2]))
    behind = whose_marks(draw_id=draw_id)
    order = [draw.facts["chair"]["mark"], draw.facts["vice"]["mark"], *(draw.result or {})["seated"]]
    try:
        with transaction.atomic():
            move(Panel, panel.pk, transitions=PANEL_TRANSITIONS, old=PanelStatus.CALLED, new=PanelStatus.SEATED)
            for place, mark in enumerate(order):
                BenchSeat.objects.create(panel=panel, member_id=_member(behind[mark]), place=place, seated_at=at)
            _tell(panel, at)
            audit.record(action="appeal.panel_seated", subject=f"panel:{panel.pk}", details={"draw": draw_id})
    except StaleState:
        return


def seat_next(*, panel_id: int, member_id: int, at: datetime) -> None:
    """The next of the drawn order, who keeps the rules and may sit now, takes a seat that was given up.

    Nobody else moves. Where nobody can, it stays empty; the quorum is counted from all seats as before. Safe to repeat.
    """
    with transaction.atomic():
        panel = Panel.objects.select_for_update(of=("self",)).get(pk=panel_id)
        left = BenchSeat.objects.get(panel=panel, member_id=member_id)
        if left.left_at is None or BenchSeat.objects.filter(panel=panel, place=left.place, left_at=None).exists():
            return
        draw = Draw.objects.get(about=ABOUT.format(panel_id))
        behind = whose_marks(draw_id=draw.pk)
        marks = {_member(what): mark for mark, what in behind.items() if what.startswith("member:")}
        facts = panels.read_facts(draw.facts)
        by_mark = {one.mark: one for one in facts.members}
        # Of each seat who had it last: another that was given up meanwhile is filled in its own turn.
        seats = {seat.place: seat.member_id for seat in BenchSeat.objects.filter(panel=panel).order_by("pk")}
        sat = set(BenchSeat.objects.filter(panel=panel).values_list("member_id", flat=True))
        seated = [by_mark[marks[seats[place]]] for place in sorted(seats) if place >= FIRST_DRAWN]
        waiting = [by_mark[mark] for mark in (draw.result or {})["waiting"] if _member(behind[mark]) not in sat]
        before = panels.Panel(chair=facts.chair, vice=facts.vice, seated=tuple(seated), waiting=tuple(waiting))
        able = {one.member_id for one in _in_office(panel)} - _absent(panel) - _barred(panel)
        cannot = frozenset(one.mark for one in waiting if _member(behind[one.mark]) not in able)
        try:
            after = panels.replace(panel=before, leaver=marks[member_id], rules=facts.rules, cannot=cannot)
        except panels.UnableToDrawPanel:
            log.warning("appeals.seat_stays_empty", panel=panel_id, place=left.place)
            return
        (follows,) = set(after.seated) - set(before.seated)
        BenchSeat.objects.create(panel=panel, member_id=_member(behind[follows.mark]), place=left.place, seated_at=at)
        audit.record(
            action="appeal.seat_taken",
            subject=f"panel:{panel_id}",
            details={"place": left.place, "member": _member(behind[follows.mark])},
        )


def _facts(panel: Panel, marks: Marks) -> panels.PanelFacts:
    rules = dated_tables().at("hearing_panel", panel.day).body
    absent = _absent(panel)
    found: dict[str, list[panels.Member]] = {office: [] for office in Office}
    for row in _in_office(panel):
        found[row.office].append(
            panels.Member(
                mark=marks.of(f"member:{row.member_id}"),
                profession=panels.Profession(row.member.profession),
                commissioned=row.member.profession != Profession.OFFICIAL,
                begins=row.begins_on,
                ends=row.ended_on or row.ends_on,
                absent=row.member_id in absent,
            )
        )
    if not (found[Office.CHAIR] and found[Office.VICE]):
        raise panels.UnableToDrawPanel(Short.PRESIDING.value)
    listed = Listed.objects.filter(panel=panel, off_at=None).values_list("case_id", flat=True)
    in_office = [row.member_id for row in _in_office(panel)]
    return panels.PanelFacts(
        day=panel.day,
        chair=found[Office.CHAIR][0],
        vice=found[Office.VICE][0],
        members=tuple(found[Office.MEMBER]),
        excluded={
            marks.of(f"case:{case_id}"): frozenset(
                marks.of(f"member:{one}") for one in _barred_from(case_id, in_office)
            )
            for case_id in listed
        },
        rules=panels.PanelRules(
            seats=panel.seats,
            shares={
                panels.Profession(one): panels.Share(least=least, most=most)
                for one, (least, most) in rules["shares"].items()
            },
        ),
    )


def _in_office(panel: Panel) -> list[Commission]:
    """Commissions of the day whose members may judge."""
    rows = Commission.objects.filter(body_id=panel.body_id, begins_on__lte=panel.day, ends_on__gte=panel.day)
    rows = rows.exclude(ended_on__lt=panel.day).select_related("member").order_by("pk")
    return [row for row in rows if _ask("SELECT appeals_may_judge(%s)", row.member.account_id)]


def _absent(panel: Panel) -> set[int]:
    away = Absence.objects.filter(from_on__lte=panel.day, until_on__gte=panel.day)
    return set(away.values_list("member_id", flat=True))


def _barred(panel: Panel) -> set[int]:
    """Who may not sit in one of the panel's cases."""
    listed = Listed.objects.filter(panel=panel, off_at=None).values_list("case_id", flat=True)
    members = list(Member.objects.filter(body_id=panel.body_id).values_list("pk", flat=True))
    return {one for case_id in listed for one in _barred_from(case_id, members)}


def _barred_from(case_id: int, members: Iterable[int]) -> list[int]:
    return [one for one in members if _ask("SELECT appeals_barred(%s, %s)", case_id, one) is not None]


def _tell(panel: Panel, at: datetime) -> None:
    """On the docket of each case, once: who sits; and who of them does not, by law."""
    seats = list(BenchSeat.objects.filter(panel=panel).select_related("member").order_by("place"))
    names = ", ".join(seat.member.name for seat in seats)
    for case_id in Listed.objects.filter(panel=panel, off_at=None).values_list("case_id", flat=True):
        facts = {"case_id": case_id, "side": Side.SYSTEM, "at": at}
        drawn = {"event": Event.PANEL_DRAWN, "text": f"{panel.day.isoformat()}: {names}"}
        if Entry.objects.filter(case_id=case_id, **drawn).exists():
            continue
        Entry.objects.create(**drawn, **facts)
        barred = _barred_from(case_id, [seat.member_id for seat in seats])
        for seat in seats:
            if seat.member_id in barred:
                Entry.objects.create(event=Event.STEPPED_ASIDE, text=seat.member.name, **facts)


def _short(why: str) -> str:
    """What is missing, as the clerk is told: a word of `Short` or a profession; the rules' sentences begin with it."""
    word = why.partition(":")[0]
    return word if word in {*Short.values, *Profession.values} else Short.PRESIDING.value


def _impossible(panel_id: int, why: str, *, at: datetime) -> None:
    """Its cases are free for another panel."""
    new = PanelStatus.IMPOSSIBLE
    Listed.objects.filter(panel_id=panel_id, off_at=None).update(off_at=at)
    move(Panel, panel_id, transitions=PANEL_TRANSITIONS, old=PanelStatus.CALLED, new=new, why=why)
    audit.record(action="appeal.panel_impossible", subject=f"panel:{panel_id}", details={"why": why})


def _member(what: str) -> int:
    return int(what.removeprefix("member:"))


def _ask(query: str, *values: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        ((found,),) = cursor.fetchall()
    return found
