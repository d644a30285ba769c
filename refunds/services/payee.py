"""Whose account it is into which somebody wants to be paid: its bank says, through a gateway that can ask it.

The holder's name must be the taxpayer's. An account that takes the place of another waits the pack's hours before money
goes to it, and everybody whom the city can reach about this taxpayer is told at once.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import taxpayer_facts
from billing.selectors.city import dated_tables
from core import audit, clock
from core.errors import Refusal
from core.states import move
from payments.gateways import registry
from payments.gateways.base import Capability, Declined, Gateway, Outcome, Succeeded
from refunds.models import Leg, Payee
from refunds.services.contacts import write_to
from refunds.states import LEG_TRANSITIONS, PAYEE_TRANSITIONS, LegStatus, PayeeStatus, Way

log = structlog.get_logger(__name__)
AGAIN: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(hours=1)
AT_ONCE: Final = 50
OTHER_HOLDER, NO_ACCOUNT = "OTHER_HOLDER", "NO_ACCOUNT"


class AccountNotTaken(Refusal):
    message = _(
        "This account can't be named: it takes a verified identity and the right to act for the taxpayer; ten tries "
        "a day are the most."
    )


def name_account(*, taxpayer_id: int, bank: str, number: str, language: str, at: datetime) -> int:
    """Name the account of a taxpayer whom the session may act for; the worker asks its bank. Raises AccountNotTaken."""
    with connection.cursor() as cursor:
        values = (taxpayer_id, bank, number, language, at)
        cursor.execute("SELECT refunds_name_account(%s, %s, %s, %s, %s)", values)
        ((made,),) = cursor.fetchall()
    if made is None:
        raise AccountNotTaken
    return int(made)


def banks() -> dict[str, str]:
    """Banks that can be asked, by their code; empty where no gateway can ask."""
    adapter = _asking()
    return dict(adapter.banks) if adapter else {}


def ask_banks(*, at: datetime) -> int:
    """Worker: ask about every account whose time has come, outside any transaction; how many were decided."""
    due = Payee.objects.filter(status=PayeeStatus.ASKED, ask_at__lte=at).order_by("ask_at").values_list("pk", flat=True)
    return sum(_ask(pk, at) for pk in list(due[:AT_ONCE]))


def _ask(payee_id: int, at: datetime) -> bool:
    adapter = _asking()
    payee = _claim(payee_id, at)
    if payee is None or adapter is None:
        return False
    outcome = adapter.holder(bank=payee.bank, number=payee.number)
    if not isinstance(outcome, Succeeded | Declined):
        log.warning("refunds.holder_unknown", payee=payee_id)
        return False
    with transaction.atomic():
        locked = Payee.objects.select_for_update().get(pk=payee_id)
        if locked.status != PayeeStatus.ASKED:
            return False
        _decide(locked, outcome, at)
    return True


def _claim(payee_id: int, at: datetime) -> Payee | None:
    with transaction.atomic():
        rows = Payee.objects.select_for_update().filter(pk=payee_id, status=PayeeStatus.ASKED, ask_at__lte=at)
        payee = rows.first()
        if payee is not None:
            payee.asks += 1
            payee.ask_at = at + min(AGAIN * (1 << min(payee.asks, 10)), LONGEST)
            payee.save(update_fields=["asks", "ask_at"])
    return payee


def _decide(payee: Payee, outcome: Outcome[str], at: datetime) -> None:
    name = taxpayer_facts([payee.taxpayer_id])[payee.taxpayer_id].name
    if isinstance(outcome, Succeeded) and same_name(outcome.value, name):
        _verify(payee, outcome.value, at)
    else:
        problem = OTHER_HOLDER if isinstance(outcome, Succeeded) else NO_ACCOUNT
        _step(payee, PayeeStatus.REFUSED, problem=problem)
    audit.record(
        action="refund.account_checked",
        subject=f"payee:{payee.pk}",
        taxpayer_id=payee.taxpayer_id,
        details={"problem": Payee.objects.get(pk=payee.pk).problem},
    )


def _verify(payee: Payee, named: str, at: datetime) -> None:
    before = (
        Payee.objects.select_for_update().filter(taxpayer_id=payee.taxpayer_id, status=PayeeStatus.VERIFIED).first()
    )
    usable_at = at
    if before is not None:
        usable_at = at + _hold(at)
        move(Payee, before.pk, transitions=PAYEE_TRANSITIONS, old=PayeeStatus.VERIFIED, new=PayeeStatus.REPLACED)
        _hold_back(before)
    _step(payee, PayeeStatus.VERIFIED, named=named[:70], usable_at=usable_at)


def _hold_back(before: Payee) -> None:
    """What was about to leave for the account before waits with the new one."""
    waiting = Leg.objects.filter(payee=before, status=LegStatus.READY)
    for pk in waiting.values_list("pk", flat=True):
        facts = {"payee": None, "bank": "", "number": "", "holder": ""}
        move(Leg, pk, transitions=LEG_TRANSITIONS, old=LegStatus.READY, new=LegStatus.WAITING, **facts)


def fill_waiting(*, at: datetime) -> int:
    """Worker: payments out that wait for an account get it once it may be used; how many did."""
    usable = Payee.objects.filter(status=PayeeStatus.VERIFIED, usable_at__lte=at)
    legs = Leg.objects.filter(
        way=Way.ACCOUNT, status=LegStatus.WAITING, refund__taxpayer__in=usable.values("taxpayer_id")
    )
    found = list(legs.values_list("pk", "refund__taxpayer_id")[:1000])
    for pk, taxpayer_id in found:
        with transaction.atomic():
            payee = usable.select_for_update().get(taxpayer_id=taxpayer_id)
            facts = {"payee": payee, "bank": payee.bank, "number": payee.number, "holder": payee.named}
            move(Leg, pk, transitions=LEG_TRANSITIONS, old=LegStatus.WAITING, new=LegStatus.READY, **facts)
    return len(found)


def tell_of_accounts(*, at: datetime) -> int:
    """Worker: write to every contact of a taxpayer whose account was named or changed; how many accounts."""
    untold = Payee.objects.filter(status=PayeeStatus.VERIFIED, told_at=None).order_by("pk")
    for payee in list(untold[:AT_ONCE]):
        context = {
            "number": payee.number[-4:],
            "usable_at": payee.usable_at,
            "waits": payee.usable_at != payee.asked_at,
        }
        write_to(taxpayer_id=payee.taxpayer_id, mail="account", context=context, language=payee.language)
        Payee.objects.filter(pk=payee.pk).update(told_at=at)
    return len(untold[:AT_ONCE])


def same_name(one: str, other: str) -> bool:
    """Banks write names without spaces, or decomposed.

    >>> same_name("홍 길동", "홍길동"), same_name("홍길동", "홍길순")
    (True, False)
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _hold(at: datetime) -> timedelta:
    return timedelta(hours=dated_tables().at("refund_desk", clock.local_date(at)).body["changed_account_hours"])


def _step(payee: Payee, new: PayeeStatus, **facts: Any) -> None:
    move(Payee, payee.pk, transitions=PAYEE_TRANSITIONS, old=PayeeStatus.ASKED, new=new, ask_at=None, **facts)


def _asking() -> Gateway | None:
    """The first gateway of this process's settings that can ask banks."""
    for name in settings.GATEWAYS:
        adapter = registry.gateway(name)
        if Capability.ACCOUNT_HOLDER in adapter.capabilities:
            return adapter
    return None
