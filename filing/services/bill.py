"""The worker makes the bill of a return, and keeps up with what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.db import transaction

from billing.rules.returns.figure import facts_of
from billing.rules.returns.kinds import DeclaredWrong
from billing.rules.returns.registry import NoSuchReturn
from billing.selectors.city import dated_tables
from billing.services import Demand, issue_alone
from core import audit
from core.states import move
from filing.models import Return
from filing.services.draft import Draft, NotSourced, draft_of
from filing.services.prepay import PREPAID, demand_of
from filing.states import TRANSITIONS, Status

log = structlog.get_logger(__name__)
OBJECT_SHOWN: Final = 28  # characters of what the payer called it; the return's own number stands behind


def bill_return(*, return_id: int, at: datetime) -> None:
    """Bill what a return comes to, computed anew from what was declared. Worker only; done again it does nothing.

    What comes to something else than its payer was shown, or what the rules refuse, is not taken, and says why.
    """
    with transaction.atomic():
        filed = Return.objects.select_for_update(of=("self",)).select_related("amends").get(pk=return_id)
        if filed.status != Status.FILED:
            return
        if filed.kind == PREPAID:
            _bill_ahead(filed, at=at)
            return
        try:
            drawn = draft_of(filed)
        except (NotSourced, NoSuchReturn, DeclaredWrong, KeyError, TypeError, ValueError) as error:
            refuse(filed, f"{type(error).__name__}: {error}")
            return
        if (drawn.total, drawn.due_on) != (filed.said, filed.due_on) or _another_thing(filed, drawn):
            refuse(filed, f"it comes to {drawn.total} until {drawn.due_on.isoformat()}")
        elif not drawn.total:
            move(Return, filed.pk, transitions=TRANSITIONS, old=Status.FILED, new=Status.NOTHING)
        else:
            bill_id = issue_alone(demand=_demand(filed, drawn), at=at)
            move(Return, filed.pk, transitions=TRANSITIONS, old=Status.FILED, new=Status.BILLED, bill_id=bill_id)


def _bill_ahead(filed: Return, *, at: datetime) -> None:
    """A car's tax that is paid ahead (연납)."""
    demand = demand_of(filed)
    if demand is None:
        refuse(filed, "the car's bills don't give what was applied for")
        return
    bill_id = issue_alone(demand=demand, at=at)
    move(Return, filed.pk, transitions=TRANSITIONS, old=Status.FILED, new=Status.BILLED, bill_id=bill_id)


def refuse(filed: Return, why: str) -> None:
    """Not taken: its page says so, and whoever operates this hears of it."""
    move(Return, filed.pk, transitions=TRANSITIONS, old=Status.FILED, new=Status.REFUSED, why=why[:300])
    log.warning("filing.not_taken", return_id=filed.pk, why=why[:300])
    audit.record(
        action="filing.not_taken", subject=f"return:{filed.pk}", taxpayer_id=filed.taxpayer_id, reason=why[:300]
    )


def bill_cancelled(*, bill_id: int) -> None:
    """The thing may be filed anew. Safe to repeat."""
    Return.objects.filter(bill_id=bill_id, status=Status.BILLED).update(status=Status.CANCELLED)


def bill_replaced(*, bill_id: int, new_bill_id: int) -> None:
    """Another bill stands in its place (재고지). Safe to repeat."""
    Return.objects.filter(bill_id=bill_id, status=Status.BILLED).update(bill_id=new_bill_id)


def _another_thing(filed: Return, drawn: Draft) -> bool:
    """Whether the face that filed it named it otherwise than its inputs do."""
    return drawn.declared.kind.thing(drawn.declared.values) != filed.thing


def _demand(filed: Return, drawn: Draft) -> Demand:
    named = " ".join(str(filed.inputs.get("object") or "").split())[:OBJECT_SHOWN]
    return Demand(
        reference=f"return:{filed.pk}",
        taxpayer_id=filed.taxpayer_id,
        body=filed.body_id,
        tax=drawn.declared.kind.tax,
        tax_year=drawn.term.year,
        term=drawn.term.term,
        object_ref=f"{named} #{filed.pk}".strip(),
        facts=facts_of(drawn.declared, tables=dated_tables()),
        liability_on=drawn.term.liability_on,
        nominal_due_on=drawn.term.nominal_due_on,
        due_on=drawn.due_on,
    )
