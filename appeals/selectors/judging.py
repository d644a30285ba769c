"""Reads of a case for those who judge it: who is at the table, votes, notes, signatures."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

from appeals.bench_states import RecusalStatus
from appeals.models import Case, Member, Note, Recusal, Tally, Vote
from appeals.selectors.bench_facts import Deliberation, NoteShown, RecusalShown, RoundShown, SeatShown, Standing
from appeals.states import RUNNING, RulingStatus

MOST: Final = 200


def own_member() -> int | None:
    """The member whose session it is, if they may judge."""
    found = asked("SELECT appeals_session_member()")[0][0]
    return int(found) if found is not None else None


def sits_in(case_id: int) -> bool:
    """Whether the signed-in member sits in a case, and nothing bars them."""
    return case_id in {row[0] for row in asked("SELECT unnest(appeals_session_judges())")}


def bench_of(case_id: int) -> tuple[SeatShown, ...]:
    """Who sits in a case, in the order of the seats; for its petitioner, its clerk and those who sit."""
    query = "SELECT member_id, name, profession, place, there, barred, challenged FROM appeals_bench(%s)"
    return tuple(SeatShown(**row) for row in _named(query, case_id))


def standing_of(case_id: int) -> Standing | None:
    """Who is at the table for a case; None: no panel hears it, or it is not the reader's."""
    found = _named("SELECT panel_id, seats, present, presides, waits FROM appeals_standing(%s)", case_id)
    return Standing(**found[0]) if found else None


def challenges(*, case_id: int | None = None, waiting: bool = False) -> tuple[RecusalShown, ...]:
    """Challenges and recusals that the reader may see, of one case or of all."""
    rows = Recusal.objects.order_by("pk")
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    if waiting:
        rows = rows.filter(status=RecusalStatus.ASKED)
    fields = ("id", "case_id", "member_id", "kind", "status", "reason", "because", "asked_at")
    found = list(rows.values(*fields)[:MOST])
    names = _names({row["member_id"] for row in found}, found[0]["case_id"] if case_id and found else None)
    return tuple(RecusalShown(member=names.get(row["member_id"], ""), **row) for row in found)


def to_decide() -> list[RecusalShown]:
    """Challenges that wait for the signed-in member."""
    own = {row[0] for row in asked("SELECT unnest(appeals_session_decides())")}
    return [one for one in challenges(waiting=True) if one.id in own]


def deliberation(case_id: int) -> Deliberation | None:
    """For a member who sits in the case; None: nobody else sees anything of it."""
    own, standing = own_member(), standing_of(case_id)
    if own is None or standing is None or not sits_in(case_id):
        return None
    bench = bench_of(case_id)
    names = {one.member_id: one.name for one in bench}
    rounds = tuple(_round(row, names) for row in Tally.objects.filter(case_id=case_id).order_by("round"))
    return Deliberation(
        own=own,
        standing=standing,
        bench=bench,
        recusals=challenges(case_id=case_id),
        rounds=rounds,
        notes=tuple(
            NoteShown(name=names.get(row.member_id, ""), text=row.text, at=row.at)
            for row in Note.objects.filter(case_id=case_id).order_by("pk")
        ),
        sha256=draft_hash(case_id),
        unsigned=unsigned(case_id),
        seals=asked("SELECT appeals_seals(%s)", case_id)[0][0],
    )


def carried(case_id: int) -> str:
    """What the committee carried in a case; "" where it did not. For who hears the case and who sits in it."""
    rows = Tally.objects.filter(case_id=case_id).exclude(carried="").values_list("carried", flat=True)
    return str(rows.first() or "")


def draft_hash(case_id: int) -> str:
    """Of the draft that the reader may read and that waits to be signed; "" where there is none."""
    case = Case.objects.filter(pk=case_id, ruling__status=RulingStatus.DRAFT).exists()
    return str(asked("SELECT appeals_ruling_hash(%s)", case_id)[0][0] or "") if case else ""


def unsigned(case_id: int) -> tuple[SeatShown, ...]:
    """Who decided and has not signed the draft that waits; for the clerk and for who sits in the case."""
    if not draft_hash(case_id):
        return ()
    query = "SELECT member_id, name, profession, place FROM appeals_who_signs(%s) WHERE NOT signed"
    return tuple(SeatShown(there=False, **row) for row in _named(query, case_id))


def drafts_to_sign() -> list[tuple[int, str]]:
    """Cases whose draft waits for the signed-in member's signature, with their numbers."""
    own = [row[0] for row in asked("SELECT unnest(appeals_session_wanted())")]
    rows = Case.objects.filter(pk__in=own).order_by("pk")
    return [(pk, str(number)) for pk, number in rows.values_list("pk", "number")]


def to_write() -> list[tuple[int, str, bool]]:
    """Cases of the signed-in member that were voted on and whose ruling is not written yet: number, and whether they
    are the one who drafts it."""
    own = own_member()
    sits = [row[0] for row in asked("SELECT unnest(appeals_session_judges())")]
    rows = Tally.objects.filter(case_id__in=sits, case__status__in=RUNNING, case__ruling=None).exclude(carried="")
    return [
        (pk, str(number), drafter == own)
        for pk, number, drafter in rows.order_by("case_id").values_list("case_id", "case__number", "drafter_id")
    ]


def rulings_to_write() -> list[tuple[int, str]]:
    """Cases that were voted on and whose ruling is left to the clerk, with their numbers."""
    rows = Tally.objects.filter(case__status__in=RUNNING, case__ruling=None, drafter=None).exclude(carried="")
    found = rows.order_by("case_id").values_list("case_id", "case__number")[:MOST]
    return [(pk, str(number)) for pk, number in found]


def _round(row: Tally, names: dict[int, str]) -> RoundShown:
    votes = Vote.objects.filter(tally=row).order_by("pk").values_list("member_id", "outcome")
    return RoundShown(
        kind=row.case.kind,
        number=row.round,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        carried=row.carried,
        presides=row.presides_id,
        drafter=row.drafter_id,
        votes=tuple((names.get(member_id, ""), outcome) for member_id, outcome in votes),
    )


def _names(ids: set[int], case_id: int | None) -> dict[int, str]:
    if case_id is not None:
        return {one.member_id: one.name for one in bench_of(case_id)}
    return dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))


def asked(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())


def _named(query: str, *values: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
