"""A bill before the Tax Tribunal (심판청구): recorded, answered, referred, decided; in the session's name,
then the worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import taxpayer_facts
from accounts.selectors.officers import body_kinds
from appeals.events import APPEAL_UPHELD
from appeals.models import Case, Referral, ReferralFile
from appeals.services.asking import one
from appeals.services.carry_out import Decided, change_bill_as_decided
from appeals.services.desk import NotLinesOfTheBill, NotYoursToDo, StaleRuling
from appeals.services.follow import refusal_text, unmark_bill
from appeals.states import RUNNING
from appeals.tribunal_states import MOVES_MONEY, ReferralStatus, TribunalOutcome
from billing import selectors as bills
from billing import services as billing
from core import audit, clock, outbox
from core.errors import Refusal
from receipts.services import request_document

KIND: Final = "referral"
BY: Final = "tribunal"
# What stands on the bill, which more people read: no number.
REASON: Final = "심판청구 (지방세기본법 제91조)"


class NotSeized(Refusal):
    message = _("This can't be entered: the bill is not in force, or the days don't fit. Look at them again.")


@dataclass(frozen=True, kw_only=True)
class Seized:
    """What is known of a claim before the Tribunal; `heard_on`: the day on which the office heard of it."""

    seized_on: date
    heard_on: date
    tribunal_number: str = ""
    claims: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the Tribunal decided; `lines`: won by line id for a corrected bill; `told_on`: it was notified."""

    outcome: TribunalOutcome
    decided_on: date
    told_on: date
    reasons: str = ""
    tribunal_number: str = ""
    lines: Mapping[int, int] = field(default_factory=dict)


def seize(*, bill_id: int, said: Seized, at: datetime) -> int:
    """The Tribunal was seized about a bill: the id of its file, or of the one that runs. Raises NotSeized."""
    found = one("SELECT appeals_seize(%s, %s, %s)", [bill_id, json.dumps(asdict(said), default=str), at])
    if found is None:
        raise NotSeized
    return int(found)


def answer(*, referral_id: int, text: str, officer_id: int, at: datetime) -> None:
    """The levying office answers the Tribunal (답변서), until the file is made. Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_answer_tribunal(%s, %s, %s)", [referral_id, text, at]))
        _audit("answered", referral_id, officer_id)


def write_decision(*, referral_id: int, says: Decision, officer_id: int, at: datetime) -> None:
    """The clerk writes the decision down; what moves money waits for a second officer.

    Raises NotLinesOfTheBill, NotYoursToDo.
    """
    facts = {**says.__dict__, "lines": {str(line): won for line, won in says.lines.items()}}
    try:
        with transaction.atomic():
            written = one(
                "SELECT appeals_write_tribunal(%s, %s, %s)", [referral_id, json.dumps(facts, default=str), at]
            )
            if written == "lines":
                raise NotLinesOfTheBill
            _done(written)
            _audit("decision_written", referral_id, officer_id, outcome=says.outcome.value)
    except IntegrityError as error:
        if "appeals_referral_lines" in str(error):
            raise NotLinesOfTheBill from error
        raise


def confirm_decision(*, referral_id: int, sha256: str, officer_id: int, at: datetime) -> None:
    """A second officer confirms the decision with that hash. Raises StaleRuling, NotYoursToDo."""
    with transaction.atomic():
        confirmed = one("SELECT appeals_confirm_tribunal(%s, %s, %s)", [referral_id, sha256, at])
        if confirmed == "stale":
            raise StaleRuling
        _done(confirmed)
        _audit("decision_confirmed", referral_id, officer_id)


def mark_bill(*, referral_id: int, at: datetime) -> None:
    """Worker: mark the bill as contested (불복), unless it is; its collection goes on (article 99)."""
    referral = Referral.objects.get(pk=referral_id)
    if referral.status == ReferralStatus.DECIDED:
        return
    try:
        with transaction.atomic():
            billing.note_contest(
                bill_id=referral.bill_id,
                from_on=referral.seized_on,
                reason=REASON,
                asked_by_id=referral.recorded_by_id,
                at=at,
            )
    except billing.FactAlreadyStands:
        return


def carry_out_tribunal(*, referral_id: int, at: datetime) -> None:
    """Worker: change the bill as the Tribunal decided, and tell refunds of it. Done again it does nothing.

    What billing refuses stands beside the decision, for the clerk.
    """
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=referral_id)
        if referral.status != ReferralStatus.DECIDED or referral.change_id is not None:
            return
        _unmark(referral, at=at)
        if referral.outcome not in MOVES_MONEY:
            return
        decided = Decided(
            bill_id=referral.bill_id,
            lines=None if referral.outcome == TribunalOutcome.CANCELLED else referral.lines,
            reason="조세심판원 결정 (지방세기본법 제91조)",
            asked_by_id=referral.written_by_id or 0,
            decided_by_id=referral.confirmed_by_id or 0,
        )
        try:
            with transaction.atomic():
                done = change_bill_as_decided(decided, at=at)
        except Refusal as refusal:
            Referral.objects.filter(pk=referral_id).update(refused=refusal_text(refusal))
            return
        Referral.objects.filter(pk=referral_id, change=None).update(change_id=done.change_id, refused="")
        audit.record(
            action="appeal.tribunal_carried_out",
            subject=f"referral:{referral_id}",
            taxpayer_id=referral.taxpayer_id,
            details={"change": done.change_id},
        )
        outbox.publish(APPEAL_UPHELD, change_id=done.change_id, final_on=referral.told_on, by=BY)


def request_cover(*, referral_id: int, at: datetime) -> int:
    """Worker: have the signed cover drawn (심판청구 기록 송부서), with pages, index and hash of the file; once."""
    referral, kept = Referral.objects.get(pk=referral_id), ReferralFile.objects.get(referral_id=referral_id)
    body = body_kinds()[referral.body_id]
    bill = bills.bills_by_id(bill_ids=[referral.bill_id], at=at)[referral.bill_id]
    facts = {
        "taxpayer": {"name": taxpayer_facts([referral.taxpayer_id])[referral.taxpayer_id].name},
        "body": {"kind": body.kind, "ko": body.name_ko, "en": body.name_en},
        "number": referral.number,
        "tribunal_number": referral.tribunal_number,
        "bill": {"ko": f"{bill.tax_ko} {bill.tax_year}", "en": f"{bill.tax_en} {bill.tax_year}"},
        "seized_on": referral.seized_on.isoformat(),
        "made_on": clock.local_date(kept.made_at).isoformat(),
        "index": kept.index,
        "pages": kept.pages,
        "sha256": kept.sha256,
        "currency": settings.ETAX_CURRENCY,
        "lines": [],
        "total": 0,
    }
    return request_document(kind=KIND, taxpayer_id=referral.taxpayer_id, reference=referral.number, facts=facts, at=at)


def _unmark(referral: Referral, *, at: datetime) -> None:
    """What is over is no longer marked on the bill, unless an objection to it still runs."""
    if Case.objects.filter(bill_id=referral.bill_id, status__in=RUNNING).exists():
        return
    unmark_bill(bill_id=referral.bill_id, reason=REASON, asked_by_id=referral.recorded_by_id, at=at)


def _done(answer: Any) -> None:
    if not answer:
        raise NotYoursToDo


def _audit(verb: str, referral_id: int, officer_id: int, **details: Any) -> None:
    subject = f"referral:{referral_id}"
    audit.record(action=f"appeal.tribunal_{verb}", subject=subject, actor_id=officer_id, details=details)
