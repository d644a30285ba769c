"""A payer files a return, or amends one; the bill is the worker's work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from billing.rules.returns.kinds import Values
from billing.rules.returns.registry import RETURNS, return_kind
from billing.selectors import bills_by_id, standing_amounts
from core import clock
from core.errors import Refusal
from filing.models import Return
from filing.services.draft import Draft, draft
from filing.states import OVER, Status


class NotYoursToFile(Refusal):
    message = _("You can't file this in that name. Choose one of the records that you act for.")


class TooManyReturns(Refusal):
    message = _("Fifty returns were filed in this name today. File the next one tomorrow, or at a counter.")


class SumChanged(Refusal):
    message = _("What it comes to has changed since you saw it. Look at it again before you file.")


class SaysLess(Refusal):
    message = _("An amended return says more than before. What you filed too much is claimed back.")


class NotToBeAmended(Refusal):
    message = _("This return was amended meanwhile, or its bill is no longer as you filed it. Ask the office.")


class FiledBefore(Refusal):
    """About this thing a return was filed; `return_id` is the newest."""

    message = _("A return about this was filed before. Amend that one.")

    def __init__(self, return_id: int) -> None:
        super().__init__()
        self.return_id = return_id


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What is filed: `shown` is what the page said it comes to, `key` the form's own, `amends` the return before."""

    taxpayer_id: int
    body: str
    kind: str
    values: Values
    shown: int
    key: UUID
    amends: Return | None = None


def file_return(*, filing: Filing, at: datetime) -> int:
    """File in the name of the running session; the return's id, the same for a form that is sent twice.

    Raises NotSourced, DeclaredWrong, FiledBefore, NotYoursToFile, TooManyReturns, SumChanged, SaysLess, NotToBeAmended.
    """
    known = Return.objects.filter(key=filing.key, taxpayer_id=filing.taxpayer_id).values_list("pk", flat=True).first()
    if known:
        return known
    kind = return_kind(filing.kind)
    drawn = draft(kind=kind, values=filing.values, filed_on=clock.local_date(at), amends=filing.amends)
    if filing.amends:
        check_amending(amends=filing.amends, drawn=drawn, at=at)
    if drawn.total != filing.shown:
        raise SumChanged
    return send(filing=filing, thing=kind.thing(filing.values), due_on=drawn.due_on.isoformat())


def check_amending(*, amends: Return, drawn: Draft, at: datetime) -> None:
    """Raises NotToBeAmended or SaysLess."""
    if not may_be_amended(amends, at=at) or drawn.declared.kind.thing(drawn.declared.values) != amends.thing:
        raise NotToBeAmended
    if not drawn.total:
        raise SaysLess


def may_be_amended(filed: Return, *, at: datetime) -> bool:
    """Whether it is the newest about its thing, and every bill of it still asks for what was declared."""
    if filed.kind not in RETURNS or filed.status not in (Status.BILLED, Status.NOTHING):
        return False
    if Return.objects.filter(amends=filed).exclude(status__in=OVER).exists():
        return False
    earlier: Return | None = filed
    while earlier is not None:
        if earlier.bill_id is not None and not _as_issued(earlier.bill_id, at=at):
            return False
        earlier = earlier.amends
    return True


def send(*, filing: Filing, thing: str, due_on: str) -> int:
    """Write it down in the database's own words; its id. Raises FiledBefore, NotYoursToFile and so on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT made, problem FROM filing_file(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                filing.taxpayer_id,
                filing.body,
                filing.kind,
                thing,
                json.dumps(dict(filing.values)),
                due_on,
                filing.shown,
                filing.amends.pk if filing.amends else None,
                filing.key,
            ],
        )
        made, problem = cursor.fetchone()
    if problem == "filed_before":
        raise FiledBefore(made)
    refusals = {"not_yours": NotYoursToFile, "too_many": TooManyReturns, "not_open": NotToBeAmended}
    if problem:
        raise refusals[problem]
    return int(made)


def _as_issued(bill_id: int, *, at: datetime) -> bool:
    bill = bills_by_id(bill_ids=[bill_id], at=at).get(bill_id)
    return (
        bill is not None and bill.status == "issued" and sum(standing_amounts(bill_id=bill_id).values()) == bill.amount
    )
