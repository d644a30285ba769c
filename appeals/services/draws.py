"""Worker: draws of the court, in three commits with the log's sealing between them; each may be repeated (ADR 0036).

`begin_draw` fixes the facts, `advance_draws` binds the secret once a head of the log covers them, and tells what comes
out of the first head that covers both. Who dies between two commits is replaced by the next round: all that is known
stands in the row.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from appeals.draw_states import TRANSITIONS, DrawKind, DrawStatus
from appeals.events import DRAWN
from appeals.models import Draw, DrawMark, DrawSecret
from appeals.rules import advocates, draw, panels
from appeals.rules.replay import BOUND, FIXED
from core import audit, drawing, log, outbox
from core.db.transactions import forbid_in_transaction
from core.one_by_one import one_by_one
from core.states import StaleState, move

TOLD: Final = "appeals.draw.told"
AT_ONCE: Final = 20

# Whether anything can be drawn from facts, before they are fixed: what can't, would wait for ever.
DRAWABLE: Final[Mapping[DrawKind, Callable[[Mapping[str, Any]], object]]] = {
    DrawKind.ADVOCATES: advocates.read_facts,
    DrawKind.PANEL: lambda facts: panels.compose(facts=panels.read_facts(facts), seed=bytes(drawing.SEED_BYTES)),
}


@dataclass(frozen=True)
class Marks:
    """Random marks that stand for cases and people in one draw's facts, and tell nothing to anybody else.

    >>> marks = Marks()
    >>> marks.of("case:7") == marks.of("case:7") != marks.of("case:8")
    True
    """

    told: dict[str, str] = field(default_factory=dict)

    def of(self, what: str) -> str:
        """The mark of `case:7` or `officer:12`."""
        return self.told.setdefault(what, secrets.token_hex(6))


def begin_draw(*, kind: DrawKind, about: str, facts: Mapping[str, Any], marks: Marks, at: datetime) -> int:
    """First commit, the caller's: fix what is drawn about. The draw's id; that of the one there is, if there is one.

    `about` is the draw's key (`sitting:7`), `facts` as the kind's `told_facts` gives them. Raises what the kind raises
    for facts from which nothing can be drawn: BadFacts, BadPanelFacts, UnableToDrawPanel.
    """
    found = Draw.objects.filter(about=about).values_list("pk", flat=True).first()
    if found is not None:
        return int(found)
    DRAWABLE[kind](facts)
    fixed = drawing.facts_hash(facts)
    try:
        with transaction.atomic():
            row = Draw.objects.create(kind=kind, about=about, facts=dict(facts), fixed=fixed, fixed_at=at)
            DrawMark.objects.bulk_create(
                [DrawMark(draw=row, mark=mark, what=what) for what, mark in sorted(marks.told.items())], 1000
            )
            leaf = _append(row, FIXED, {"draw": str(kind), "fixed": fixed})
            Draw.objects.filter(pk=row.pk).update(fixed_leaf_id=leaf)
            audit.record(action="appeal.draw_fixed", subject=f"draw:{row.pk}", details={"about": about, "fixed": fixed})
    except IntegrityError:  # another worker was quicker
        return int(Draw.objects.values_list("pk", flat=True).get(about=about))
    return int(row.pk)


def advance_draws(*, at: datetime) -> int:
    """Take every draw as far as the log has come; how many steps were taken. Outside any transaction."""
    forbid_in_transaction()
    waiting = Draw.objects.exclude(status=DrawStatus.DRAWN).order_by("pk")
    return one_by_one(list(waiting.values_list("pk", flat=True)[:AT_ONCE]), _advance, at=at)


def _advance(draw_id: int, at: datetime) -> bool:
    return bind_secret(draw_id=draw_id, at=at) or tell_draw(draw_id=draw_id, at=at)


def bind_secret(*, draw_id: int, at: datetime) -> bool:
    """Second commit: once a signed head covers the facts, make a secret and bind it. False: not now."""
    with transaction.atomic():
        row = Draw.objects.select_for_update().get(pk=draw_id)
        leaf = log.sealed_leaf(row.fixed_leaf_id or 0)
        if row.status != DrawStatus.FIXED or leaf is None:
            return False
        secret = secrets.token_bytes(drawing.SEED_BYTES)
        DrawSecret.objects.create(draw=row, secret=secret)
        content = {
            "commitment": drawing.commitment(secret),
            "fixed": row.fixed,
            "after": log.first_head_over(leaf.position).size,
        }
        move(
            Draw,
            draw_id,
            transitions=TRANSITIONS,
            old=DrawStatus.FIXED,
            new=DrawStatus.BOUND,
            commitment=content["commitment"],
            after=content["after"],
            bound_at=at,
            bound_leaf_id=_append(row, BOUND, content),
        )
    return True


def tell_draw(*, draw_id: int, at: datetime) -> bool:
    """Third commit: once a signed head covers the commitment, tell the secret and what comes out. False: not now.

    What comes out is reckoned before the transaction: it may take long, and whoever reckons it gets the same.
    """
    row = Draw.objects.get(pk=draw_id)
    bound = log.sealed_leaf(row.bound_leaf_id or 0)
    if row.status != DrawStatus.BOUND or bound is None:
        return False
    head = log.first_head_over(bound.position)
    secret = bytes(DrawSecret.objects.get(draw=row).secret)
    result = draw.outcome(kind=row.kind, facts=row.facts, secret=secret, head=head.root)
    try:
        with transaction.atomic():
            move(
                Draw,
                draw_id,
                transitions=TRANSITIONS,
                old=DrawStatus.BOUND,
                new=DrawStatus.DRAWN,
                secret=secret.hex(),
                head=head.size,
                result=result,
                drawn_at=at,
                proof=_proof(row, bound, head),
            )
            _append(row, TOLD, {"secret": secret.hex(), "head": head.size, "result": drawing.facts_hash(result)})
            outbox.publish(DRAWN, draw_id=draw_id, kind=row.kind)
    except StaleState:
        return False
    return True


def whose_marks(*, draw_id: int) -> dict[str, str]:
    """Mark to what stands behind it (`case:7`, `officer:12`). Worker only."""
    return dict(DrawMark.objects.filter(draw_id=draw_id).values_list("mark", "what"))


def _append(row: Draw, kind: str, content: Mapping[str, Any]) -> int:
    reference = f"draw:{row.pk}"
    log.append_leaf(kind=kind, reference=reference, content=content)
    return log.appended_here(kind=kind, reference=reference)


def _proof(row: Draw, bound: log.SealedLeaf, head: log.PublishedHead) -> dict[str, Any]:
    """What replaying it asks for beside facts, secret and result."""
    fixed = log.sealed_leaf(row.fixed_leaf_id or 0)
    return {
        "head": {name: value for name, value in head.as_json().items() if name != "signed_text"},
        "leaves": {
            name: {
                "kind": leaf.kind,
                "reference": leaf.reference,
                "content": leaf.content,
                "salt": leaf.salt.hex(),
                "position": leaf.position,
                "proof": [node.hex() for node in log.inclusion_proof(leaf.position, head.size)],
            }
            for name, leaf in (("fixed", fixed), ("bound", bound))
            if leaf is not None
        },
    }
