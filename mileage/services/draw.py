"""Drawing the model taxpayers: a seed is bound, then the list, then the seed is told; anybody can repeat the draw."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import taxpayer_facts
from core import clock, drawing, outbox
from core.errors import Refusal
from core.log import append_leaf
from core.states import move
from mileage.events import DRAW_COMMITTED
from mileage.functions import call
from mileage.models import Candidate, Draw, DrawSecret, Holder
from mileage.ports import good_payers
from mileage.rules.pack import pack
from mileage.states import DRAW_TRANSITIONS, DrawStatus
from receipts.services import request_document

log = structlog.get_logger(__name__)
CHUNK: Final = 2_000
CERTIFICATE: Final = "model_taxpayer"


class DrawnAlready(Refusal):
    message = _("That year's selection was begun already.")


class NoRuleForYear(Refusal):
    message = _("The city's rules say nothing about that year. Choose another one.")


class YearNotBegun(Refusal):
    message = _("That year has not begun. Candidates are counted on its first day.")


class NoEventHere(Refusal):
    message = _("Name an event of a day to come, once the list is there. It is named once.")


class DrawNeedsAnother(Refusal):
    message = _(
        "The day of the event is still to come, or lots were drawn already, or another officer has to: nobody ends "
        "what they began."
    )


def begin_draw(*, year: int, places: int, at: datetime) -> int:
    """Begin the selection of a year, in the name of the session's officer.

    Raises `NoRuleForYear`, `YearNotBegun`, `DrawnAlready`.
    """
    if year > clock.local_date(at).year:
        raise YearNotBegun
    rule = rule_of(year)
    if rule is None:
        raise NoRuleForYear
    made = call("mileage_begin_draw", year, places, json.dumps(rule), at)
    if made is None:
        raise DrawnAlready
    return int(made)


def rule_of(year: int) -> dict[str, Any] | None:
    """The city's rule for a year, as a draw keeps it."""
    rule = pack().selection(date(year, 1, 1))
    return None if rule is None else dict(json.loads(json.dumps(asdict(rule), default=str)))


def name_event(*, draw_id: int, event: str, on: date) -> None:
    """Name the public event to come with whose outcome lots are drawn. Raises `NoEventHere`."""
    if not call("mileage_name_event", draw_id, " ".join(event.split()), on):
        raise NoEventHere


def reveal_draw(*, draw_id: int, outcome: str, at: datetime) -> None:
    """Say how the event came out and have the seed told, in the name of a second officer; the worker draws.

    Raises `DrawNeedsAnother`.
    """
    if not call("mileage_reveal_draw", draw_id, " ".join(outcome.split()), at):
        raise DrawNeedsAnother


def bind_seed(*, draw_id: int, at: datetime) -> None:
    """Worker: make the seed and publish what binds it, before there is a list."""
    with transaction.atomic():
        draw = Draw.objects.select_for_update().get(pk=draw_id)
        if draw.status != DrawStatus.BEGUN:
            return
        if draw.rule != rule_of(
            draw.year
        ):  # whoever begins it chooses the year and the places, never who meets the rule
            log.error("mileage.draw_by_another_rule", year=draw.year)
            return
        seed = secrets.token_bytes(32)
        DrawSecret.objects.create(draw=draw, seed=seed, mark_key=secrets.token_bytes(32))
        bound = drawing.commitment(seed)
        content = {"year": draw.year, "places": draw.places, "rule": draw.rule, "commitment": bound}
        append_leaf(kind="draw.seed", reference=str(draw.year), content=content)
        facts = {"commitment": bound, "committed_at": at}
        move(Draw, draw_id, transitions=DRAW_TRANSITIONS, old=DrawStatus.BEGUN, new=DrawStatus.COMMITTED, **facts)
        outbox.publish(DRAW_COMMITTED, draw_id=draw_id)


def make_list(*, draw_id: int, at: datetime) -> None:
    """Worker: list who meets the rule, each by a mark, and publish the list's hash."""
    with transaction.atomic():
        draw = Draw.objects.select_for_update().get(pk=draw_id)
        if draw.status != DrawStatus.COMMITTED:
            return
        key = bytes(DrawSecret.objects.get(draw=draw).mark_key)
        people = good_payers()(rule=draw.rule, year=draw.year)
        Holder.objects.bulk_create([Holder(taxpayer_id=one) for one in people], CHUNK, ignore_conflicts=True)
        rows = [Candidate(draw=draw, holder_id=one, mark=mark_of(key, one)) for one in people]
        Candidate.objects.bulk_create(rows, CHUNK)
        of_list = drawing.list_hash(row.mark for row in rows)
        content = {"list_hash": of_list, "candidates": len(rows)}
        append_leaf(kind="draw.list", reference=str(draw.year), content=content)
        facts = {"list_hash": of_list, "candidates_count": len(rows), "listed_at": at}
        move(Draw, draw_id, transitions=DRAW_TRANSITIONS, old=DrawStatus.COMMITTED, new=DrawStatus.LISTED, **facts)


def draw_lots(*, draw_id: int, at: datetime) -> None:
    """Worker: tell the seed, mark who is drawn, and have their certificates made."""
    with transaction.atomic():
        draw = Draw.objects.select_for_update().get(pk=draw_id)
        if draw.status != DrawStatus.LISTED or draw.revealed_by_id is None:
            return
        seed = bytes(DrawSecret.objects.get(draw=draw).seed)
        rows = {row.mark: row for row in Candidate.objects.filter(draw=draw)}
        winners = drawing.drawn(marks=list(rows), seed=seed, told=draw.told, places=draw.places)
        for place, mark in enumerate(winners, start=1):
            rows[mark].place = place
        Candidate.objects.bulk_update([rows[mark] for mark in winners], ["place"], CHUNK)
        content = {"seed": seed.hex(), "told": draw.told, "drawn": drawing.list_hash(winners)}
        append_leaf(kind="draw.result", reference=str(draw.year), content=content)
        move(
            Draw, draw_id, transitions=DRAW_TRANSITIONS, old=DrawStatus.LISTED, new=DrawStatus.REVEALED, seed=seed.hex()
        )
        names = taxpayer_facts([rows[mark].holder_id for mark in winners])
        for mark in winners:
            holder = rows[mark].holder_id
            request_document(
                kind=CERTIFICATE,
                taxpayer_id=holder,
                reference=f"draw:{draw.year}/{mark}",
                facts=_certificate(draw, names[holder].name, mark),
                at=at,
            )
    log.info("mileage.drawn", year=draw.year, drawn=len(winners))


def mark_of(key: bytes, taxpayer_id: int) -> str:
    """Stands for a candidate; without the key it tells nothing."""
    return hmac.new(key, str(taxpayer_id).encode(), hashlib.sha256).hexdigest()[:32]


def _certificate(draw: Draw, name: str, mark: str) -> dict[str, object]:
    rule = pack().selection(date(draw.year, 1, 1))
    return {
        "taxpayer": {"name": name},
        "year": draw.year,
        "valid_until": date(draw.year, 12, 31).isoformat(),
        "mark": mark,
        "benefits": {"ko": rule.benefits_ko, "en": rule.benefits_en} if rule else {},
        "lines": [{"item": {"ko": "모범납세자 증명서", "en": "Certificate of a model taxpayer"}, "amount": 0}],
        "total": 0,
        "currency": "",
    }
