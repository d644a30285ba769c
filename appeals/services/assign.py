"""Worker: cases without a special tax advocate are gathered and drawn about, and what a draw said is carried out.

Each may be run twice: a case is in one open draw at a time, and has one advocate at a time (constraints of the tables).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from accounts.selectors.officers import body_kinds, own_files
from appeals.advocate_states import Found, Left
from appeals.draw_states import DrawKind, DrawStatus
from appeals.models import Advocacy, AdvocateAbsence, AnotherAsked, Case, Declaration, Draw, DrawCase, Entry
from appeals.rules import advocates
from appeals.selectors.busy import busy_at_hearings
from appeals.selectors.clocks import clocks, clocks_of, mendings_of
from appeals.selectors.pool import Pooled, pool, teams
from appeals.services.draws import Marks, begin_draw, whose_marks
from appeals.states import RUNNING, Event
from billing.rules.dated import DatedTables
from billing.selectors import bills_by_id, touched_by
from billing.selectors.city import dated_tables
from core import audit, clock

# Cases of one draw: anybody's computer repeats it in seconds.
AT_ONCE: Final = 100
AGAIN: Final = timedelta(days=1)


def gather(*, at: datetime) -> int | None:
    """Fix what is drawn about: the cases that have no advocate, and the pool. The draw's id; None: nothing waits."""
    with transaction.atomic():
        with connection.cursor() as cursor:  # two workers at once gather one after the other
            cursor.execute("SELECT core_take_turn('advocates')")
        _let_go_who_is_away(at)
        cases = waiting(at=at)[:AT_ONCE]
        if not cases:
            return None
        marks = Marks()
        free = [one for one in pool(at=at) if one.able]
        facts = advocates.told_facts(
            cases=_briefs(cases, free, marks, at=at),
            pool=[_advocate(one, marks) for one in free],
            rules=_rules(dated_tables(), clock.local_date(at)),
        )
        about = f"advocates:{at.isoformat(timespec='microseconds')}"
        draw_id = begin_draw(kind=DrawKind.ADVOCATES, about=about, facts=facts, marks=marks, at=at)
        DrawCase.objects.bulk_create(
            [DrawCase(draw_id=draw_id, case=case, mark=marks.of(f"case:{case.pk}")) for case in cases]
        )
    return draw_id


def waiting(*, at: datetime) -> list[Case]:
    """Running cases that have no advocate and are in no open draw, the eldest first. One for which nobody was free is
    drawn about again when the pool, its load or the hearing has changed since, and once a day."""
    has = Advocacy.objects.filter(ended_at=None).values("case_id")
    drawn = DrawCase.objects.filter(done_at=None).values("case_id")
    cases = list(Case.objects.filter(status__in=RUNNING).exclude(pk__in=has).exclude(pk__in=drawn).order_by("pk"))
    last = DrawCase.objects.filter(case__in=[case.pk for case in cases], found=Found.NOBODY)
    vain = dict(last.values_list("case_id").annotate(Max("done_at")).order_by())
    changed, moved = _pool_changed(), _moved(vain)
    return [
        case
        for case in cases
        if case.pk not in vain
        or vain[case.pk] < at - AGAIN
        or any(one is not None and one > vain[case.pk] for one in (changed, moved.get(case.pk)))
    ]


def carry_out_draw(*, draw_id: int, at: datetime) -> int:
    """Give the cases of a draw their advocates, as it said; how many got one. Done again it does nothing.

    Where a case is over meanwhile, or who was drawn left, declared a conflict, or has to be in another room when it is
    heard, nothing is given: it is void, and the case is in the next draw.
    """
    given = 0
    with transaction.atomic():
        hold_calendars(case_ids=list(DrawCase.objects.filter(draw_id=draw_id).values_list("case_id", flat=True)))
        draw = Draw.objects.select_for_update().get(pk=draw_id)
        if draw.kind != DrawKind.ADVOCATES or draw.status != DrawStatus.DRAWN:
            return 0
        whose, result = whose_marks(draw_id=draw_id), dict(draw.result or {})
        for row in DrawCase.objects.filter(draw=draw, done_at=None).order_by("case_id"):
            mark = result[row.mark]
            found = Found.NOBODY
            if mark is not None:
                chosen = int(whose[mark].removeprefix("officer:"))
                found = Found.GIVEN if _give(row.case_id, chosen, draw_id, at=at) else Found.VOID
            given += found == Found.GIVEN
            DrawCase.objects.filter(pk=row.pk).update(found=found, done_at=at)
    return given


def hold_calendars(*, case_ids: Collection[int]) -> None:
    """Before the cases, as a plan does that is fixed: an advocate who comes to a hearing is booked for it."""
    authorities = Case.objects.filter(pk__in=case_ids).order_by("authority_id").values_list("authority_id", flat=True)
    for authority in authorities.distinct():
        with connection.cursor() as cursor:
            cursor.execute("SELECT appeals_hold_calendar(%s)", [authority])


def _give(case_id: int, officer_id: int, draw_id: int, *, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT appeals_give(%s, %s, %s, %s)", [case_id, officer_id, draw_id, at])
        ((given,),) = cursor.fetchall()
    if given:
        details = {"officer": officer_id, "draw": draw_id}
        audit.record(action="appeal.advocate_given", subject=f"case:{case_id}", details=details)
    return bool(given)


def _briefs(cases: Sequence[Case], free: Sequence[Pooled], marks: Marks, *, at: datetime) -> list[advocates.Brief]:
    """The cases as far as the choice goes. Only who is in the pool is named, by marks."""
    today, tables = clock.local_date(at), dated_tables()
    bills, kinds = bills_by_id(bill_ids={case.bill_id for case in cases}, at=at), body_kinds()
    of_tax = {tax: team.code for team in teams(today) for tax in team.taxes}
    refused, decided_by = _spared(cases), _last_days(cases, at=at)
    busy, beside = busy_at_hearings(
        case_ids=[case.pk for case in cases],
        absences={one.officer.account_id: [(row.begins, row.ends) for row in one.absences] for one in free},
        most=tables.at("hearing_lengths", today).body["cases_of_an_advocate"],
    )
    barred_of = {
        one.officer.account_id: {*one.conflicts, *own_files(account_id=one.officer.account_id)} for one in free
    }
    until = today + timedelta(days=tables.at("hearing_absence", today).body["needed_days"])
    briefs = []
    for case in cases:
        tax, district = bills[case.bill_id].tax, kinds[case.body_id].kind == "district"
        briefs.append(
            advocates.Brief(
                mark=marks.of(f"case:{case.pk}"),
                tax=tax,
                district=case.body_id if district else "",
                team="" if district else of_tax.get(tax, ""),
                begins=today,
                ends=max(today, min(until, decided_by[case.pk] or until)),
                touched=_marked(touched_by(bill_id=case.bill_id) & barred_of.keys(), marks),
                conflicts=_marked({one for one, barred in barred_of.items() if case.taxpayer_id in barred}, marks),
                refused=_marked(refused.get(case.pk, set()) & barred_of.keys(), marks),
                elsewhere=_marked(busy.get(case.pk, set()), marks),
                clashes=frozenset(marks.of(f"case:{one}") for one in beside.get(case.pk, ())),
            )
        )
    return briefs


def _advocate(one: Pooled, marks: Marks) -> advocates.Advocate:
    return advocates.Advocate(
        mark=marks.of(f"officer:{one.officer.account_id}"),
        knows=one.knows,
        district="",
        team=one.team,
        running=one.running,
        most=one.most,
        absent=tuple((absence.begins, absence.ends) for absence in one.absences),
        not_given=frozenset(one.districts),
    )


def _rules(tables: DatedTables, day: date) -> advocates.AdvocateRules:
    body = tables.at("hearing_advocates", day).body
    return advocates.AdvocateRules(misfit=tuple(body["misfit"]), load=body["load"])


def _marked(officers: Collection[int], marks: Marks) -> frozenset[str]:
    return frozenset(marks.of(f"officer:{one}") for one in officers)


def _spared(cases: Sequence[Case]) -> Mapping[int, set[int]]:
    """Whom each petitioner asked to be spared."""
    found: dict[int, set[int]] = {}
    asked = AnotherAsked.objects.filter(case__in=[case.pk for case in cases])
    for case_id, advocate_id in asked.values_list("case_id", "advocacy__advocate_id"):
        found.setdefault(case_id, set()).add(advocate_id)
    return found


def _last_days(cases: Sequence[Case], *, at: datetime) -> Mapping[int, date | None]:
    """The last day to decide each case, as far as the city's holidays are known."""
    own, mendings = clocks(at), mendings_of(case.pk for case in cases)
    found: dict[int, date | None] = {}
    for case in cases:
        runs = clocks_of(
            case,
            mendings=mendings[case.pk],
            answered=True,
            decision_served=None,
            at=at,
            with_=own,
        )
        found[case.pk] = runs.decide.last_day if runs.decide else None
    return found


def _let_go_who_is_away(at: datetime) -> None:
    """Who is absent from today for so long that they would be given no case, leaves those that they have."""
    today = clock.local_date(at)
    days: int = dated_tables().at("hearing_absence", today).body["needed_days"]
    gone = AdvocateAbsence.objects.filter(
        called_off_at=None,
        begins__lte=today,
        ends__gte=today + timedelta(days=days),
        advocate__advocacies__ended_at=None,
        advocate__advocacies__case__status__in=RUNNING,
    )
    for advocate_id in sorted(set(gone.values_list("advocate_id", flat=True))):
        with connection.cursor() as cursor:
            cursor.execute("SELECT appeals_leave(%s, NULL, %s, %s)", [advocate_id, Left.ABSENT, at])


def _moved(case_ids: Collection[int]) -> Mapping[int, datetime]:
    """When the hearing of each was last set elsewhere, or adjourned."""
    lines = Entry.objects.filter(case__in=case_ids, event__in=(Event.HEARING_MOVED, Event.ADJOURNED))
    return dict(lines.values_list("case_id").annotate(Max("at")).order_by())


def _pool_changed() -> datetime | None:
    """When anything last happened that may free somebody."""
    said = Declaration.objects.aggregate(last=Max("at"))["last"]
    ended = Advocacy.objects.aggregate(last=Max("ended_at"))["last"]
    over = Entry.objects.filter(event__in=(Event.SERVED, Event.WITHDRAWN)).aggregate(last=Max("at"))["last"]
    known = [moment for moment in (said, ended, over) if moment is not None]
    return max(known) if known else None
