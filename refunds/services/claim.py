"""A taxpayer claims that a bill asked too much (경정청구); an officer answers, and grants it by changing the bill."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.selectors import standing_amounts
from billing.services import correct_on_claim
from core import audit, clock
from core.errors import Refusal
from core.one_by_one import one_by_one
from refunds.models import Claim
from refunds.services.causes import corrected_on_claim, corrected_on_request
from refunds.services.claim_files import add_claim_file
from refunds.services.contacts import write_to
from refunds.states import BY_RIGHT, ClaimStatus, Ground

AT_ONCE = 200


class NoSuchClaim(Refusal):
    message = _(
        "This can't be claimed: the bill is not yours or no longer in force, the time for it is over, a claim about it "
        "waits already, or you made five today."
    )


class ClaimAnswered(Refusal):
    message = _("This claim was answered meanwhile, or it is in your own or a relative's file.")


class TaxRaised(Refusal):
    message = _("A claim takes something off a bill. No tax can come to more than it does now: look at the bill again.")


@dataclass(frozen=True, kw_only=True)
class ClaimWish:
    """What is claimed: `lines` says what each tax should be, in won by line id; `base` the tax base, if it is about it.

    `known_on`: the day on which the claimant heard of what turned out otherwise, for that ground only.
    `file`: name, kind and content of a paper that shows it.
    """

    ground: Ground
    lines: Mapping[int, int]
    text: str
    base: int | None = None
    known_on: date | None = None
    file: tuple[str, str, bytes] | None = None


def claim(*, bill_id: int, wish: ClaimWish) -> int:
    """Claim, in the name of the session's citizen; the claim's id.

    Raises NoSuchClaim, or NoRoomForFile about the file, and then nothing is claimed. Public face only.
    """
    wanted = {"lines": {str(line): won for line, won in wish.lines.items()}, "base": wish.base}
    facts = [bill_id, wish.ground, wish.known_on, json.dumps(wanted), wish.text]
    with transaction.atomic():
        made = _one("SELECT refunds_claim(%s, %s, %s, %s, %s)", facts)
        if made is None:
            raise NoSuchClaim
        if wish.file is not None:
            name, kind, content = wish.file
            add_claim_file(claim_id=made, name=name, kind=kind, content=content)
    return int(made)


def refuse_claim(*, claim_id: int, answer: str, officer_id: int) -> None:
    """Answer that the claim is not right, in the name of the session's officer. Raises ClaimAnswered. Office only."""
    with transaction.atomic():
        _answer(claim_id, None, answer, officer_id)


def grant_claim(*, claim_id: int, lines: Mapping[int, int], answer: str, officer_id: int, at: datetime) -> bool:
    """Correct the bill so that each line comes to so many won, and say so; False where a second officer has to decide.

    Raises ClaimAnswered, TaxRaised, and what `billing.services.correct_on_claim` does. Office only.
    """
    with transaction.atomic():
        if _one("SELECT refunds_claim_to_answer(%s)", [claim_id]) is None:
            raise ClaimAnswered
        found = Claim.objects.get(pk=claim_id)
        now = standing_amounts(bill_id=found.bill_id)
        off = {line: now[line] - lines.get(line, now[line]) for line in now}
        if min(off.values()) < 0:
            raise TaxRaised
        asked = correct_on_claim(
            bill_id=found.bill_id,
            lines=off,
            claim_id=claim_id,
            claimed_on=clock.local_date(found.asked_at),
            reason=answer[:300],
            asked_by_id=officer_id,
            at=at,
        )
        return _answer(claim_id, asked.change_id, answer, officer_id) == ClaimStatus.GRANTED


def carried_out(*, claim_id: int, change_id: int, at: datetime) -> None:
    """Worker: the bill was corrected as somebody claimed, by right, or asked for; both say why. Safe to repeat."""
    rows = Claim.objects.filter(pk=claim_id, change_id=change_id)
    rows.filter(status=ClaimStatus.DECIDING).update(status=ClaimStatus.GRANTED, answered_at=at)
    found = rows.first()
    if found is not None and found.ground in BY_RIGHT:
        corrected_on_claim(change_id=change_id, at=at)
    elif found is not None:
        corrected_on_request(change_id=change_id, asked_on=clock.local_date(found.asked_at), at=at)


def change_refused(*, claim_id: int, change_id: int) -> None:
    """Worker: a second officer refused the change; the claim waits for an answer again. Safe to repeat."""
    rows = Claim.objects.filter(pk=claim_id, change_id=change_id, status=ClaimStatus.DECIDING)
    rows.update(status=ClaimStatus.ASKED, change=None, answer="", answered_at=None, answered_by=None)


def tell_of_answers(*, at: datetime) -> int:
    """Worker: write to every contact of whoever has an answer (article 50 paragraph 3); how many claims."""
    answered = (ClaimStatus.GRANTED, ClaimStatus.REFUSED)
    untold = Claim.objects.filter(status__in=answered, told_at=None).order_by("answered_at", "pk")
    return one_by_one(list(untold.values_list("pk", flat=True)[:AT_ONCE]), _tell, at=at)


def _tell(claim_id: int, at: datetime) -> bool:
    found = Claim.objects.get(pk=claim_id)
    context = {"granted": found.status == ClaimStatus.GRANTED, "asked_at": found.asked_at}
    write_to(taxpayer_id=found.taxpayer_id, mail="claim", context=context, language="ko")
    return bool(Claim.objects.filter(pk=claim_id).update(told_at=at))


def _answer(claim_id: int, change_id: int | None, answer: str, officer_id: int) -> str:
    if not _one("SELECT refunds_answer_claim(%s, %s, %s)", [claim_id, change_id, answer]):
        raise ClaimAnswered
    status = Claim.objects.values_list("status", flat=True).get(pk=claim_id)
    audit.record(
        action=f"refund.claim_{status}",
        subject=f"claim:{claim_id}",
        actor_id=officer_id,
        reason=answer[:300],
        details={"change": change_id},
    )
    return str(status)


def _one(query: str, values: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        ((found,),) = cursor.fetchall()
    return found
