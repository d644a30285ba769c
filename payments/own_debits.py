"""Reads for the page on which a taxpayer sees what is debited, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from core.clock import local_date
from payments import selectors
from payments.falling_due import due_amounts, falling_due, moments_of, schedule
from payments.gateways import registry
from payments.models import Debit, DebitTry, Mandate
from payments.rules.debit_days import next_moment
from payments.services.debits.conclude import reason_of
from payments.states import MANDATE_LIVE, DebitStatus, MandateStatus, Status

MOST_MADE: Final = 30
MOST_PLANNED: Final = 100


@dataclass(frozen=True)
class MandateShown:
    """A mandate as its giver sees it; `page_url` is the bank's page while the bank waits for the holder."""

    reference: str
    status: str
    label: str
    bank: str
    account: str
    began_on: date | None
    ended_on: date | None
    page_url: str

    @property
    def live(self) -> bool:
        return self.status in MANDATE_LIVE

    @property
    def active(self) -> bool:
        return self.status == MandateStatus.ACTIVE

    @property
    def checking(self) -> bool:
        """Whether the bank's answer is not here yet."""
        return self.status == MandateStatus.CONFIRMING or (self.status == MandateStatus.ASKED and not self.page_url)


@dataclass(frozen=True)
class Planned:
    """What will be debited at a moment; `amount` in minor units as it stands today."""

    bill_id: int
    tax_ko: str
    tax_en: str
    period: str
    due_on: date
    at: datetime
    amount: int


@dataclass(frozen=True)
class Made:
    """What was debited, or was to be; `why` is the reason of the last failure, `again_at` the next try."""

    bill_id: int
    tax_ko: str
    tax_en: str
    period: str
    due_on: date
    status: str
    label: str
    amount: int
    tries: int
    why: str
    again_at: datetime | None


def own_mandate(*, taxpayer_id: int) -> MandateShown | None:
    """The youngest mandate of a taxpayer that the running session may see."""
    mandate = Mandate.objects.filter(taxpayer_id=taxpayer_id).order_by("-pk").first()
    return None if mandate is None else shown(mandate)


def shown(mandate: Mandate) -> MandateShown:
    try:
        bank = registry.gateway(mandate.gateway).banks.get(mandate.bank, mandate.bank)
    except registry.UnknownGateway:
        bank = mandate.bank
    return MandateShown(
        reference=mandate.reference,
        status=mandate.status,
        label=str(MandateStatus(mandate.status).label),
        bank=bank,
        account=mandate.account,
        began_on=mandate.began_on,
        ended_on=mandate.ended_on,
        page_url=mandate.page_url,
    )


def planned(*, taxpayer_id: int, at: datetime) -> list[Planned]:
    """What falls due from today on, with the moment of its next try, the earliest first."""
    today = local_date(at)
    rule = schedule(on=today)
    end = today + timedelta(days=rule.show_days if rule else 0)
    falls = falling_due(taxpayer_ids=[taxpayer_id], start=today, end=end)[:MOST_PLANNED]
    known = {(one.bill_id, one.due_on): one for one in Debit.objects.filter(bill__in=[f.bill_id for f in falls])}
    owed = due_amounts([(one.bill_id, one.due_on) for one in falls], on=today)
    bills = {bill.bill_id: bill for bill in selectors.payable(bill_ids=[f.bill_id for f in falls], on=today)}
    moments = moments_of(one.due_on for one in falls)
    found = []
    for one in falls:
        debit, amount = known.get((one.bill_id, one.due_on)), owed.get((one.bill_id, one.due_on), 0)
        moment = debit.next_at if debit else next_moment(of=moments[one.due_on], after=at) or moments[one.due_on][0]
        bill = bills.get(one.bill_id)
        if amount and moment and bill:
            facts = (bill.tax_ko, bill.tax_en, bill.period)
            found.append(Planned(one.bill_id, *facts, one.due_on, moment, amount))
    return sorted(found, key=lambda row: (row.at, row.bill_id))


def made(*, taxpayer_id: int, at: datetime) -> list[Made]:
    """The last debits of a taxpayer, the youngest first, without what nobody has tried yet."""
    debits = Debit.objects.filter(mandate__taxpayer_id=taxpayer_id, tries_made__gt=0).order_by("-due_on", "-pk")
    rows = list(debits[:MOST_MADE])
    last: dict[int, DebitTry] = {}
    for one in DebitTry.objects.filter(debit__in=rows).select_related("attempt").order_by("number"):
        last[one.debit_id] = one
    bills = {
        bill.bill_id: bill for bill in selectors.payable(bill_ids=[row.bill_id for row in rows], on=local_date(at))
    }
    return [_made(row, bills[row.bill_id], last[row.pk]) for row in rows if row.bill_id in bills and row.pk in last]


def _made(debit: Debit, bill: selectors.Payable, last: DebitTry) -> Made:
    over = debit.status in {DebitStatus.DONE, DebitStatus.NOT_NEEDED}  # an earlier no is not news any more
    failed = not over and last.attempt.status in {Status.DECLINED, Status.EXPIRED}
    return Made(
        bill_id=debit.bill_id,
        tax_ko=bill.tax_ko,
        tax_en=bill.tax_en,
        period=bill.period,
        due_on=debit.due_on,
        status=debit.status,
        label=str(DebitStatus(debit.status).label),
        amount=last.attempt.amount,
        tries=debit.tries_made,
        why=reason_of(gateway=last.attempt.gateway, failure=last.attempt.failure).value if failed else "",
        again_at=debit.next_at,
    )
