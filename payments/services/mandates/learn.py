"""The worker asks the bank about mandates until it knows, and writes down what is so. It alone puts one in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction

from accounts.selectors import taxpayer_facts
from billing.services import record_entitlement
from core import audit, outbox
from core.clock import local_date
from core.states import StaleState, move
from payments.events import MANDATE_CHANGED
from payments.gateways import registry, routing
from payments.gateways.base import Declined, Gateway, Outcome, Succeeded
from payments.gateways.mandate import GatewayMandate, MandateStage
from payments.models import Debit, DebitLetter, Mandate
from payments.states import MANDATE_TRANSITIONS, DebitNews, DebitStatus, MandateStatus

log = structlog.get_logger(__name__)
AT_ONCE: Final = 200
AGAIN: Final = timedelta(seconds=20)
LONGEST: Final = timedelta(minutes=10)
# So many questions after one that the bank has not heard of, it will not hear of it any more.
NEVER_ARRIVED_AFTER: Final = 2
UNANSWERED: Final = (MandateStatus.ASKED, MandateStatus.CONFIRMING, MandateStatus.ENDING)


def resolve_mandates_due(*, at: datetime) -> int:
    """Ask about every mandate whose time has come; how many. Runs outside any transaction, in several workers."""
    with transaction.atomic():
        due = list(
            Mandate.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(ask_at__lte=at)
            .order_by("ask_at")[:AT_ONCE]
        )
        for mandate in due:
            mandate.asks += 1
            mandate.ask_at = at + min(AGAIN * (1 << min(mandate.asks, 10)), LONGEST)
        Mandate.objects.bulk_update(due, ["asks", "ask_at"])
    for mandate in due:
        try:
            resolve_mandate(mandate_id=mandate.pk, at=at)
        except Exception:
            log.exception("payments.mandate_stays_due", reference=mandate.reference)
    return len(due)


def resolve_mandate(*, mandate_id: int, at: datetime) -> bool:
    """Ask about one mandate, and say what it waits for: confirm, or end. False if there was no answer."""
    mandate = Mandate.objects.get(pk=mandate_id)
    gateway = registry.gateway(mandate.gateway)
    outcome = gateway.mandate(reference=mandate.reference)
    if isinstance(outcome, Succeeded):
        outcome = _go_on(mandate, outcome, gateway)
    routing.note(gateway.name, outcome)
    if isinstance(outcome, Succeeded):
        _believe(mandate, outcome.value, at)
    elif isinstance(outcome, Declined) and outcome.not_found:
        _not_there(mandate, outcome.code)
    return isinstance(outcome, Succeeded | Declined)


def _go_on(mandate: Mandate, told: Succeeded[GatewayMandate], gateway: Gateway) -> Outcome[GatewayMandate]:
    """What the holder agreed to is confirmed, whether or not they came back; what shall end is ended.

    A death ends it at whatever stage it is: leave that nobody can take back any more is none.
    """
    stage, key = told.value.stage, told.value.gateway_key
    giver = taxpayer_facts([mandate.taxpayer_id])[mandate.taxpayer_id]
    if giver.died_on and stage in {MandateStage.AGREED, MandateStage.ACTIVE}:
        return gateway.revoke_mandate(gateway_key=key)
    if stage == MandateStage.AGREED and mandate.status in {MandateStatus.ASKED, MandateStatus.CONFIRMING}:
        return gateway.confirm_mandate(reference=mandate.reference, gateway_key=key)
    if stage == MandateStage.ACTIVE and mandate.status == MandateStatus.ENDING:
        return gateway.revoke_mandate(gateway_key=key)
    return told


def _believe(mandate: Mandate, told: GatewayMandate, at: datetime) -> None:
    if told.reference != mandate.reference or told.bank != mandate.bank:
        log.error("payments.mandate_answer_about_something_else", reference=mandate.reference)
        return
    status = MandateStatus(mandate.status)
    if told.stage == MandateStage.ACTIVE and status in {MandateStatus.ASKED, MandateStatus.CONFIRMING}:
        _begin(mandate, told, at)
    elif told.stage == MandateStage.ACTIVE and status == MandateStatus.ACTIVE:
        Mandate.objects.filter(pk=mandate.pk, status=status).update(ask_at=None, asks=0)
    elif told.stage == MandateStage.WAITING and status in {MandateStatus.ASKED, MandateStatus.CONFIRMING}:
        # The holder has yet to agree; until its end the page is there for them.
        ask_at = (told.expires_at or at) + AGAIN
        _step(mandate, MandateStatus.ASKED, told, ask_at=ask_at, page_url=told.page_url)
    elif told.stage in {MandateStage.REFUSED, MandateStage.ENDED} and status in {
        MandateStatus.ASKED,
        MandateStatus.CONFIRMING,
    }:
        _step(mandate, MandateStatus.REFUSED, told, ask_at=None, failure=told.failure)
    elif told.stage in {MandateStage.REFUSED, MandateStage.ENDED}:
        _end(mandate, told, at)


def _step(mandate: Mandate, new: MandateStatus, told: GatewayMandate, **changes: Any) -> None:
    changes |= {"gateway_key": told.gateway_key}
    if new == mandate.status:
        Mandate.objects.filter(pk=mandate.pk, status=new).update(**changes)
        return
    _move(mandate, new, **changes)


def _begin(mandate: Mandate, told: GatewayMandate, at: datetime) -> None:
    """In force from the day on which the bank says so; the credit is earned from that day."""
    began_on = local_date(told.since or at)
    with transaction.atomic():
        facts = {"gateway_key": told.gateway_key, "account": told.account, "began_on": began_on}
        if _move(mandate, MandateStatus.ACTIVE, ask_at=None, asks=0, page_url="", **facts):
            record_entitlement(taxpayer_id=mandate.taxpayer_id, kind="autopay", began_on=began_on)
            _tell(mandate, DebitNews.CONFIRMED, at, began_on=began_on, ended_on=None)


def _end(mandate: Mandate, told: GatewayMandate, at: datetime) -> None:
    """It has ended, by whomever: nothing more is debited, and the credit of later bills is not earned."""
    if mandate.status not in {MandateStatus.ACTIVE, MandateStatus.ENDING} or mandate.began_on is None:
        return
    ended_on = max(local_date(told.ended_at or at), mandate.began_on)
    with transaction.atomic():
        if _move(mandate, MandateStatus.ENDED, ask_at=None, asks=0, ended_on=ended_on, failure=told.failure):
            record_entitlement(
                taxpayer_id=mandate.taxpayer_id, kind="autopay", began_on=mandate.began_on, ended_on=ended_on
            )
            Debit.objects.filter(mandate=mandate, status=DebitStatus.DUE).update(
                status=DebitStatus.FAILED, next_at=None
            )
            _tell(mandate, DebitNews.ENDED, at, began_on=mandate.began_on, ended_on=ended_on)


def _tell(mandate: Mandate, news: DebitNews, at: datetime, **days: Any) -> None:
    """Whoever gave it by letter, other apps by event, the auditors by a record."""
    DebitLetter.objects.create(mandate=mandate, kind=news, written_at=at)
    outbox.publish(MANDATE_CHANGED, mandate_id=mandate.pk, taxpayer_id=mandate.taxpayer_id, kind="autopay", **days)
    audit.record(
        action=f"payment.mandate_{news.value}",
        subject=f"mandate:{mandate.reference}",
        actor_id=mandate.ended_by_id if news == DebitNews.ENDED else mandate.asked_by_id,
        taxpayer_id=mandate.taxpayer_id,
        reason=mandate.end_reason,
        details={"bank": mandate.bank},
    )


def _not_there(mandate: Mandate, code: str) -> None:
    if mandate.status in UNANSWERED[:2] and mandate.asks > NEVER_ARRIVED_AFTER:
        _move(mandate, MandateStatus.REFUSED, ask_at=None, failure=code)


def _move(mandate: Mandate, new: MandateStatus, **changes: Any) -> bool:
    """A guarded step; False if it is elsewhere by now, which is as good."""
    old = MandateStatus(mandate.status)
    try:
        move(Mandate, mandate.pk, transitions=MANDATE_TRANSITIONS, old=old, new=new, **changes)
    except StaleState:
        return False
    log.info("payments.mandate_moved", reference=mandate.reference, old=old.value, new=new.value)
    return True
