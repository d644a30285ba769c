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
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import taxpayer_facts
from billing.selectors.city import dated_tables
from core import audit, clock
from core.errors import Refusal
from core.one_by_one import one_by_one
from core.states import move
from payments.gateways import registry
from payments.gateways.base import Capability, Declined, Gateway, Outcome, Succeeded
from payments.services import Creditor, clearing_code, fits_a_message
from refunds.models import Leg, Payee
from refunds.services.account_of import account_of, usable_payees
from refunds.services.contacts import write_to
from refunds.services.send import hold_leg
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
    return one_by_one(list(due[:AT_ONCE]), _ask, at=at)


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
    if isinstance(outcome, Succeeded) and same_name(outcome.value, name) and _can_be_sent_to(payee, outcome.value):
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
    """One that takes another's place waits; what was about to leave for the other is put back when its turn comes."""
    in_force = Payee.objects.select_for_update().filter(taxpayer_id=payee.taxpayer_id, status=PayeeStatus.VERIFIED)
    before = in_force.first()
    if before is not None:
        move(Payee, before.pk, transitions=PAYEE_TRANSITIONS, old=PayeeStatus.VERIFIED, new=PayeeStatus.REPLACED)
    usable_at = at if before is None else at + _hold(at)
    _step(payee, PayeeStatus.VERIFIED, named=named, usable_at=usable_at, replaces=before)


def fill_waiting(*, at: datetime) -> int:
    """Worker: payments out that wait for an account get it once it may be used; how many did."""
    legs = Leg.objects.filter(way=Way.ACCOUNT, status=LegStatus.WAITING)
    usable = usable_payees(at=at).values("taxpayer_id")
    due = legs.filter(Q(refund__taxpayer__in=usable) | Q(refund__taxpayer=None))
    return one_by_one(list(due.order_by("pk").values_list("pk", flat=True)[:1000]), _fill, at=at)


def _fill(leg_id: int, at: datetime) -> bool:
    with transaction.atomic():
        leg = hold_leg(leg_id)
        facts = account_of(leg.refund, at=at)
        if leg.status != LegStatus.WAITING or facts.pop("status") != LegStatus.READY:
            return False
        move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=LegStatus.WAITING, new=LegStatus.READY, **facts)
    return True


def tell_of_accounts(*, at: datetime) -> int:
    """Worker: write to every contact of a taxpayer whose account was named or changed; how many accounts."""
    untold = Payee.objects.filter(status=PayeeStatus.VERIFIED, told_at=None).order_by("pk")
    return one_by_one(list(untold.values_list("pk", flat=True)[:AT_ONCE]), _tell, at=at)


def _tell(payee_id: int, at: datetime) -> bool:
    payee = Payee.objects.get(pk=payee_id)
    context = {"number": payee.number[-4:], "usable_at": payee.usable_at, "waits": payee.replaces_id is not None}
    write_to(taxpayer_id=payee.taxpayer_id, mail="account", context=context, language=payee.language)
    return bool(Payee.objects.filter(pk=payee_id).update(told_at=at))


def _can_be_sent_to(payee: Payee, holder: str) -> bool:
    return fits_a_message(Creditor(clearing_code(payee.bank), payee.number, holder))


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
