"""Facts beside a bill's state: deferral, instalments, contest, hold of an auction, and the end of one of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from billing.models import Bill, BillChange, BillFact, Instalment
from billing.rules.dated import NoTableForDate
from billing.rules.instalments import months_to_wait, most_that_may_wait
from billing.rules.plans import LineDue, Share, months_after, split
from billing.selectors.city import dated_tables
from billing.selectors.late import deferrals
from billing.services.life.acts import Act, Details, in_force, lines_now
from billing.services.life.claims import NothingUnpaid
from billing.states import FactKind
from core import clock
from core.errors import Refusal

PROPERTY: Final = "property"


class DatesImpossible(Refusal):
    message = _("The last day lies before the first.")


class DeferredTooLong(Refusal):
    message = _("Collection is deferred for at most six months, and once more for six.")


class FactAlreadyStands(Refusal):
    message = _("The same stands beside this bill already. End that first.")


class PartsDoNotSum(Refusal):
    message = _("The parts don't come to what is unpaid. Enter them so that they do.")


class PlanNotAllowed(Refusal):
    message = _("The law does not let this bill be split so. Look at its sum, the parts and their days.")


class NoSuchFact(Refusal):
    message = _("This no longer stands beside the bill.")


def check_deferral(bill: Bill, details: Details, *, at: datetime) -> None:
    """Collection Act, articles 25-2 and 28: six months, and once more for six."""
    _unpaid(bill)
    start, until = _span(details)
    rule = dated_tables().at("deferral", clock.local_date(at)).body
    if start > until:
        raise DatesImpossible
    if until > months_after(start, rule["months"]):
        raise DeferredTooLong
    earlier = deferrals(bill_id=bill.pk)
    if any(one.from_on <= until and start <= one.until_on for one in earlier):
        raise FactAlreadyStands
    spans = [(start, until), *((one.from_on, one.until_on) for one in earlier)]
    first, last = min(start for start, _ in spans), max(until for _, until in spans)
    if earlier and last > months_after(first, rule["months"] + rule["longer_months"]):
        raise DeferredTooLong


def check_instalments(bill: Bill, details: Details, *, at: datetime) -> None:
    """`details`: {"plan": "statutory" | "free", "parts": [{"due_on", "amount"}, …]}."""
    unpaid = _unpaid(bill)
    _none_standing(bill, FactKind.INSTALMENTS)
    shares = _shares(details)
    if sum(share.amount for share in shares) != unpaid:
        raise PartsDoNotSum
    days = [share.due_on for share in shares]
    if len(shares) < 2 or days != sorted(set(days)) or days[0] < max(bill.due_on, clock.local_date(at)):
        raise PlanNotAllowed
    _allowed(bill, details["plan"], shares, at=at)


def check_contest(bill: Bill, details: Details, *, at: datetime) -> None:
    """Filing does not stay collection (Framework Act, article 99): nothing else follows from it here."""
    _none_standing(bill, FactKind.CONTEST)


def check_hold(bill: Bill, details: Details, *, at: datetime) -> None:
    """The sale by auction waits until 30 days after the decision (decree of the Framework Act, article 66)."""
    _unpaid(bill)
    _none_standing(bill, FactKind.HOLD)


def check_end(bill: Bill, details: Details, *, at: datetime) -> None:
    fact = _standing(bill, details)
    if date.fromisoformat(details["on"]) < fact.from_on:
        raise DatesImpossible


def do_fact(kind: FactKind) -> Any:
    """Write a fact with its span."""

    def do(bill: Bill, change: BillChange, *, at: datetime) -> None:
        start = date.fromisoformat(change.details["from_on"])
        until = change.details.get("until_on")
        until_on = date.fromisoformat(until) if until else None
        BillFact.objects.create(bill=bill, kind=kind, from_on=start, until_on=until_on, change=change)

    return do


def do_instalments(bill: Bill, change: BillChange, *, at: datetime) -> None:
    shares = _shares(change.details)
    fact = BillFact.objects.create(
        bill=bill,
        kind=FactKind.INSTALMENTS,
        from_on=clock.local_date(at),
        until_on=shares[-1].due_on,
        change=change,
    )
    lines = [LineDue(id=line.id, paid=line.tax_paid, unpaid=line.unpaid) for line in lines_now(bill)]
    Instalment.objects.bulk_create(
        Instalment(fact=fact, line_id=line, number=part.number, due_on=part.due_on, amount=part.amount)
        for line, parts in split(shares=shares, lines=lines).items()
        for part in parts
    )


def do_end(bill: Bill, change: BillChange, *, at: datetime) -> None:
    """A hold of an auction ends so many days after the decision; everything else on the day itself."""
    fact = _standing(bill, change.details)
    day = date.fromisoformat(change.details["on"])
    if fact.kind == FactKind.HOLD:
        rule = dated_tables().at("auction_hold", day).body
        day += timedelta(days=rule["days_after_decision"])
    BillFact.objects.filter(pk=fact.pk, ended_on=None).update(ended_on=day, ended_by=change)


def _unpaid(bill: Bill) -> int:
    in_force(bill)
    unpaid = sum(line.unpaid for line in lines_now(bill))
    if not unpaid:
        raise NothingUnpaid
    return unpaid


def _none_standing(bill: Bill, kind: FactKind) -> None:
    if bill.facts_beside.filter(kind=kind, ended_on=None).exists():
        raise FactAlreadyStands


def _standing(bill: Bill, details: Details) -> BillFact:
    fact = bill.facts_beside.filter(pk=details["fact_id"], ended_on=None).first()
    if fact is None:
        raise NoSuchFact
    return fact


def _span(details: Details) -> tuple[date, date]:
    return date.fromisoformat(details["from_on"]), date.fromisoformat(details["until_on"])


def _shares(details: Details) -> list[Share]:
    return [Share(due_on=date.fromisoformat(part["due_on"]), amount=int(part["amount"])) for part in details["parts"]]


def _allowed(bill: Bill, plan: str, shares: list[Share], *, at: datetime) -> None:
    today = clock.local_date(at)
    if plan == "free":
        rule = dated_tables().at("free_instalments", today).body
        allowed = len(shares) <= rule["parts"] and shares[-1].due_on <= months_after(today, rule["months"])
    else:
        allowed = len(shares) == 2 and shares[0].due_on == bill.due_on and _part_may_wait(bill, shares[1])
    if not allowed:
        raise PlanNotAllowed


def _part_may_wait(bill: Bill, second: Share) -> bool:
    """Whether the law lets this part of a property tax wait until its day."""
    tables, on = dated_tables(), bill.liability_on
    tax = sum(line.amount for line in lines_now(bill) if line.tax == PROPERTY)
    try:
        last = months_after(bill.due_on, months_to_wait(tables=tables, on=on))
        return second.due_on <= last and second.amount <= most_that_may_wait(tax=tax, tables=tables, on=on)
    except NoTableForDate:
        return False


DEFER: Final = Act(article="지방세징수법 제25조의2", check=check_deferral, do=do_fact(FactKind.DEFERRAL))
INSTALMENTS: Final = Act(article="지방세법 제118조", check=check_instalments, do=do_instalments)
CONTEST: Final = Act(article="지방세기본법 제99조", check=check_contest, do=do_fact(FactKind.CONTEST))
HOLD: Final = Act(article="지방세기본법 시행령 제66조", check=check_hold, do=do_fact(FactKind.HOLD))
END: Final = Act(article="지방세징수법 제29조", check=check_end, do=do_end)
