"""Due dates moved for everybody (납부기한 연장): Framework Act on Local Taxes, articles 24 paragraph 2 and 26."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.events import BILLS_AN_EVENT, DUE_DATES_MOVED, EXTENSION_DECIDED
from billing.models import DueMove, Extension
from billing.services.life.acts import ReasonNeeded, SameOfficerDecides
from billing.services.life.standing import DatesImpossible
from billing.states import EXTENSION_TRANSITIONS, ExtensionStatus
from core import audit, outbox
from core.errors import Refusal
from core.states import StaleState, move


class ExtensionNotWaiting(Refusal):
    message = _("This act no longer waits for a decision.")


class ExtensionWithoutReason(Refusal):
    message = _("Give the reason in Korean and in English, and the article.")


def propose_extension(
    *,
    nominal_from: date,
    nominal_to: date,
    taxes: Sequence[str],
    bodies: Sequence[str],
    due: date,
    article: str,
    reason_ko: str,
    reason_en: str,
    asked_by_id: int,
    at: datetime,
) -> int:
    """Ask for an act that moves due dates; another officer has to decide. Empty `taxes` or `bodies` mean all.

    It names the bills that are nominally due from one day to another. Raises DatesImpossible, ExtensionWithoutReason.
    """
    if not nominal_from <= nominal_to < due:
        raise DatesImpossible
    texts = [text.strip() for text in (article, reason_ko, reason_en)]
    if not all(texts):
        raise ExtensionWithoutReason
    with transaction.atomic():
        extension = Extension.objects.create(
            nominal_from=nominal_from,
            nominal_to=nominal_to,
            taxes=sorted(taxes),
            bodies=sorted(bodies),
            due=due,
            article=texts[0],
            reason_ko=texts[1],
            reason_en=texts[2],
            status=ExtensionStatus.PROPOSED,
            asked_by_id=asked_by_id,
            asked_at=at,
        )
        _audit("asked", extension.pk, asked_by_id, texts[1])
        return extension.pk


def decide_extension(*, extension_id: int, decided_by_id: int, approved: bool, because: str, at: datetime) -> None:
    """Another officer decides; a worker then moves the due dates. Raises SameOfficerDecides, ExtensionNotWaiting."""
    if not approved and not because.strip():
        raise ReasonNeeded
    with transaction.atomic():
        if Extension.objects.get(pk=extension_id).asked_by_id == decided_by_id:
            raise SameOfficerDecides
        new = ExtensionStatus.DECIDED if approved else ExtensionStatus.REJECTED
        _move(extension_id, ExtensionStatus.PROPOSED, new, decided_by_id=decided_by_id, decided_at=at)
        _audit("decided" if approved else "rejected", extension_id, decided_by_id, because)
        if approved:
            outbox.publish(EXTENSION_DECIDED, extension_id=extension_id)


def move_due_dates(*, extension_id: int, at: datetime) -> int:
    """Worker: move the due dates of all bills that a decided act names, in one statement; done again it moves no more.

    Returns how many bills were moved. Penalties follow by themselves: they are computed from the due date. What was
    paid for lateness that is none any more goes back, announced as reductions are.
    """
    with transaction.atomic():
        try:
            _move(extension_id, ExtensionStatus.DECIDED, ExtensionStatus.DONE)
        except ExtensionNotWaiting:
            return 0
        moved = _move_bills(extension_id, None)
        Extension.objects.filter(pk=extension_id).update(moved=moved)
        _ask("SELECT billing_give_back_moved(%s, %s)", extension_id, at)
        _tell(extension_id)
        return moved


def extend_new_bills(*, bill_ids: list[int]) -> int:
    """Bills made after an act was decided, nominally due on a day that it names, follow it too."""
    return _move_bills(None, bill_ids)


def _move_bills(extension_id: int | None, bill_ids: list[int] | None) -> int:
    return _ask("SELECT billing_extend(%s, %s::bigint[])", extension_id, bill_ids)


def _tell(extension_id: int) -> None:
    moved = list(
        DueMove.objects.filter(extension_id=extension_id).order_by("bill_id").values_list("bill_id", flat=True)
    )
    for start in range(0, len(moved), BILLS_AN_EVENT):
        outbox.publish(DUE_DATES_MOVED, extension_id=extension_id, bill_ids=moved[start : start + BILLS_AN_EVENT])


def _ask(query: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return int(cursor.fetchone()[0])


def _move(extension_id: int, old: ExtensionStatus, new: ExtensionStatus, **facts: object) -> None:
    try:
        move(Extension, extension_id, transitions=EXTENSION_TRANSITIONS, old=old, new=new, **facts)
    except StaleState:
        raise ExtensionNotWaiting from None


def _audit(verb: str, extension_id: int, officer_id: int, reason: str) -> None:
    audit.record(
        action=f"billing.extension_{verb}", subject=f"extension:{extension_id}", actor_id=officer_id, reason=reason
    )
