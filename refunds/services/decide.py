"""Deciding about refunds: one officer assesses, a second approves, above the pack's sum a third. Office only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.selectors.city import dated_tables
from core import audit, clock
from core.errors import Refusal
from refunds.models import Refund
from refunds.states import Cause, Way


class NotYoursToDecide(Refusal):
    message = _(
        "This was decided already, or another officer has to decide: nobody decides twice about a refund, nor in their "
        "own or a relative's file."
    )


class StaleRefund(Refusal):
    message = _("The refund is no longer what the page showed: its sums have changed. Look at it again.")


class EarlierFirst(Refusal):
    """Decree of the Framework Act on Local Taxes, article 37 paragraph 4."""

    message = _(
        "Arrears are set off with the refund that is prescribed first, and the same person has one that nobody has "
        "decided about. Decide about that one before."
    )


class CanNotBe(Refusal):
    message = _(
        "This refund can't be that, or can't go back so: a day lies in the future, the cause is another kind's or "
        "not the one that the law gives it, or its owner did not ask for it."
    )


class NotRejected(Refusal):
    message = _("Only a rejected refund is opened again, not in your own or a relative's file, and with a reason.")


class DayNeeded(Refusal):
    message = _("For this cause the day is needed: from which interest runs, or on which somebody complained.")


class BatchTooLarge(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(_("Choose at least one and at most %(most)s refunds.") % {"most": most})


class SampleFirst(Refusal):
    message = _("Some of these are in the sample. Open each of them and decide about it by itself.")


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What an officer says a refund is. `event_on`: the day that the cause names; `final_on`: of a judgment.

    `arrived_on`: of the bill's notice, where that decides whether its payer asked for the correction in time.
    """

    cause: Cause
    way: Way
    event_on: date | None = None
    final_on: date | None = None
    arrived_on: date | None = None


WITH_A_DAY = frozenset({Cause.YEAR_PAID_AHEAD, Cause.REDUCED, Cause.LAW_CHANGED, Cause.CLAIMED, Cause.GRIEVANCE})


def assess_refund(
    *, refund_id: int, believed: int, says: Assessment, reason: str, officer_id: int, at: datetime
) -> None:
    """Assess in the name of the session's officer; `believed`: won that the officer saw as available.

    Raises CanNotBe, DayNeeded, NotYoursToDecide or StaleRefund.
    """
    if says.cause in WITH_A_DAY and says.event_on is None:
        raise DayNeeded
    day = says.event_on if says.cause in WITH_A_DAY else None
    final = None if says.cause == Cause.GRIEVANCE else says.final_on
    facts = [refund_id, believed, says.cause, day, final, says.way, reason, at, says.arrived_on]
    with transaction.atomic():
        if _refuse(_one("SELECT refunds_assess(%s, %s, %s, %s, %s, %s, %s, %s, %s)", facts)) == "impossible":
            raise CanNotBe
        _audit("assessed", refund_id, officer_id, reason, cause=says.cause.value, way=says.way.value)


def decide_refund(*, refund_id: int, verdict: str, believed: int, reason: str, officer_id: int, at: datetime) -> str:
    """`verdict`: approve, reject or return (to be assessed again); `believed`: won with interest that the officer saw.

    What became of it: approved, third (one more has to approve), rejected, returned. Raises NotYoursToDecide,
    StaleRefund or EarlierFirst.
    """
    with transaction.atomic():
        answer = _refuse(_one("SELECT refunds_decide(%s, %s, %s, %s, %s)", [refund_id, verdict, believed, reason, at]))
        _audit(f"decided_{answer}", refund_id, officer_id, reason, believed=believed)
    return answer


def reopen_refund(*, refund_id: int, reason: str, officer_id: int, at: datetime) -> None:
    """Look anew at a rejected refund, in the name of the session's officer. Raises NotRejected. Office only."""
    with transaction.atomic():
        if _one("SELECT refunds_reopen(%s, %s, %s)", [refund_id, reason, at]) != "True":
            raise NotRejected
        _audit("reopened", refund_id, officer_id, reason)


def approve_batch(*, refunds: Sequence[tuple[int, int]], officer_id: int, at: datetime) -> int:
    """Approve several, each with what was believed of it, all or none; how many are approved at last.

    Of a batch every n-th refund, by its number, is the sample: it is opened and approved by itself.
    Those that are prescribed first come first. Raises BatchTooLarge, NotYoursToDecide, SampleFirst, StaleRefund or
    EarlierFirst.
    """
    rules = _rules(at)
    if not 1 <= len(refunds) <= rules["batch"]:
        raise BatchTooLarge(rules["batch"])
    if any(pk % rules["sample_every"] == 0 for pk, _ in refunds):
        raise SampleFirst
    with transaction.atomic():
        answers = [
            decide_refund(refund_id=pk, verdict="approve", believed=believed, reason="", officer_id=officer_id, at=at)
            for pk, believed in _in_order(refunds)
        ]
    return answers.count("approved")


def _in_order(refunds: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """As they are prescribed, then by number; one that is not there keeps its number's place and is refused."""
    rows = Refund.objects.filter(pk__in=[pk for pk, _ in refunds]).values_list("pk", "expires_on")
    ends = dict(rows)
    return sorted(refunds, key=lambda pair: (ends.get(pair[0], date.max), pair))


def batch_at_most() -> int:
    """How many refunds can be approved at once."""
    return int(_rules(clock.now())["batch"])


def _rules(at: datetime) -> Mapping[str, Any]:
    return dated_tables().at("refund_desk", clock.local_date(at)).body


def _refuse(answer: str | None) -> str:
    if answer is None:
        raise NotYoursToDecide
    if answer == "stale":
        raise StaleRefund
    if answer == "earlier":
        raise EarlierFirst
    return answer


def _one(query: str, values: Sequence[Any]) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        ((found,),) = cursor.fetchall()
    return None if found is None else str(found)


def _audit(change: str, refund_id: int, officer_id: int, reason: str, **details: Any) -> None:
    audit.record(
        action=f"refund.{change}", subject=f"refund:{refund_id}", actor_id=officer_id, reason=reason, details=details
    )
