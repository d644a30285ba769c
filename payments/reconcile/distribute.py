"""What was collected goes to those it belongs to (세입 배분), in the books on the day it is found.

The money is remitted on the next business day (decree of the Collection Act, article 24 paragraph 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Sum

from accounts.services.levying_bodies import city_code, district_codes
from billing.selectors.city import dated_tables
from core.clock import local_date
from ledger.services import Posting, Purpose, post_entry
from payments.models import Distribution
from payments.reconcile.business_day import Days, Span, business_days
from payments.reconcile.shares import Claim, Shares, Source
from payments.reconcile.states import Part

# Under which the fee stands in the books of who pays and who gets it.
FEE_TAX = "collection_fee"


def distribute(*, span: Span, at: datetime) -> int:
    """Post what changed of a business day's distribution since the last time; how many shares did."""
    days = business_days(on=span.day)
    shares = shares_of(span.day)
    remit_on = max(days.next(span.day), days.calendar.next_working_day(local_date(at)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT core_take_turn('payments.distribute')")
        changes = _changes(_wanted(shares, _collected(span)), _made(span.day))
        for collector, claims in groupby(sorted(changes), key=lambda claim: claim.source.collector):
            reference = _next_reference(span.day, collector)
            rows = [
                Distribution(
                    day=span.day,
                    collector_id=collector,
                    beneficiary_id=claim.beneficiary,
                    main_tax=claim.source.main_tax,
                    tax=claim.source.tax,
                    part=claim.part,
                    amount=changes[claim],
                    article=shares.article(claim),
                    entry_reference=reference,
                    remit_on=remit_on,
                    made_at=at,
                )
                for claim in claims
            ]
            _post(reference, rows, shares.city, at)
            Distribution.objects.bulk_create(rows)
    return len(changes)


def shares_of(day: date) -> Shares:
    """The pack's shares in force on a day, among the bodies of the city."""
    return Shares(dated_tables().at("shares", day).body, city_code(), sorted(district_codes()))


def days_with_news(*, since: datetime, days: Days) -> set[date]:
    """Business days of which something was written down since a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_moments_recorded(%s)", [since])
        return {days.of(moment) for (moment,) in cursor.fetchall()}


def _collected(span: Span) -> dict[Source, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM billing_collected(%s, %s)", [span.starts, span.ends])
        return {Source(body, main, tax): amount for body, main, tax, amount in cursor.fetchall()}


def _wanted(shares: Shares, collected: Mapping[Source, int]) -> Counter[Claim]:
    found: Counter[Claim] = Counter()
    for source, amount in collected.items():
        found.update(shares.of(source, amount))
    return found


def _made(day: date) -> Counter[Claim]:
    rows = Distribution.objects.filter(day=day).values_list("collector_id", "main_tax", "tax", "beneficiary_id", "part")
    return Counter(
        {
            Claim(Source(body, main, tax), beneficiary, Part(part)): int(total)
            for body, main, tax, beneficiary, part, total in rows.annotate(total=Sum("amount"))
        }
    )


def _changes(wanted: Mapping[Claim, int], made: Mapping[Claim, int]) -> dict[Claim, int]:
    both = wanted.keys() | made.keys()
    return {claim: change for claim in both if (change := wanted.get(claim, 0) - made.get(claim, 0))}


def _next_reference(day: date, collector: str) -> str:
    made = Distribution.objects.filter(day=day, collector_id=collector).values("entry_reference").distinct().count()
    return f"{day}/{collector}/{made + 1}"


def _post(reference: str, rows: Sequence[Distribution], city: str, at: datetime) -> None:
    """What stays with who collected it moves nothing."""
    postings = list(_merged(posting for row in rows for posting in _postings(row, city)))
    if postings:
        post_entry(
            kind="distribution",
            reference=reference,
            business_date=local_date(at),
            occurred_at=at,
            postings=postings,
        )


def _postings(row: Distribution, city: str) -> Iterator[Posting]:
    """Clearing and revenue leave who collected it for who is owed it, so that each body's books balance by themselves.

    A fee is the city's revenue first, and then its expense.
    """
    if row.beneficiary_id == row.collector_id and row.part != Part.FEE:
        return
    yield Posting(row.collector_id, row.main_tax, Purpose.CLEARING, -row.amount)
    yield Posting(row.collector_id, row.tax, Purpose.REVENUE, row.amount)
    if row.part == Part.FEE:
        yield Posting(city, row.tax, Purpose.REVENUE, -row.amount)
        yield Posting(city, FEE_TAX, Purpose.FEE, row.amount)
        yield Posting(row.beneficiary_id, FEE_TAX, Purpose.CLEARING, row.amount)
        yield Posting(row.beneficiary_id, FEE_TAX, Purpose.REVENUE, -row.amount)
    else:
        yield Posting(row.beneficiary_id, row.tax, Purpose.CLEARING, row.amount)
        yield Posting(row.beneficiary_id, row.tax, Purpose.REVENUE, -row.amount)


def _merged(postings: Iterable[Posting]) -> Iterator[Posting]:
    """One posting for each account, none of zero."""
    sums: Counter[tuple[str, str, Purpose]] = Counter()
    for one in postings:
        sums[one.body, one.tax, one.purpose] += one.amount
    yield from (Posting(*account, amount) for account, amount in sorted(sums.items()) if amount)
