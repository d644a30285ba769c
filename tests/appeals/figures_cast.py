"""Rulings of a year in bulk: set up beside the desks, under the same constraints."""

from __future__ import annotations

from collections.abc import Sequence

from billing.models import BillLine
from tests.appeals.bench_cast import as_owner
from tests.appeals.cast import Court
from tests.payments.cast import BillFacts, a_bill

# Tax, body that levied, outcome, how many.
Facts = Sequence[tuple[str, str, str, int]]


def served_in(year: int, facts: Facts, *, court: Court, of: BillFacts | None = None) -> list[int]:
    """So many served rulings, each received on the first of March and signed sixty days later; ids of their cases."""
    first = a_bill(of=of) if of else a_bill()
    kinds = [one[:3] for one in facts for _ in range(one[3])]
    bills = _bills(first, [tax for tax, _, _ in kinds], [body for _, body, _ in kinds])
    found = as_owner(
        "INSERT INTO appeals_case (kind, number, status, taxpayer_id, bill_id, body_id, authority_id, begun_by_id, "
        "begun_at, at_counter, served_on, hindrance, grounds, wish, public_hearing, interpreter, accessibility, "
        "remote, language, unavailable, filed_at, received_at) "
        "SELECT 'objection', %s || n, 'served', %s, f.bill, f.body, '11000', %s, %s::timestamptz, false, %s::date, '', "
        "'x', 'cancel', true, '', '', false, 'ko', '[]', %s::timestamptz, %s::timestamptz "
        "FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS f (bill, body, n) RETURNING id",
        f"{year}-이의-{first.id}-", first.taxpayer_id, court.clerk.id, f"{year}-03-01 09:00+09", f"{year}-02-20",
        f"{year}-03-01 09:00+09", f"{year}-03-01 09:00+09", bills, [body for _, body, _ in kinds],
    )  # fmt: skip
    cases = [row[0] for row in found]
    as_owner(
        "INSERT INTO appeals_ruling (case_id, outcome, lines, reasons, seats, present, status, drafted_by_id, "
        "drafted_at, signed_by_id, signed_at, served_on, how) "
        "SELECT f.id, f.outcome, CASE f.outcome WHEN 'corrected' THEN jsonb_build_object('1', 1) ELSE '{}' END, 'x', "
        "11, 7, 'served', %s, now(), %s, %s::timestamptz, %s::date, 'site' "
        "FROM unnest(%s::bigint[], %s::text[]) AS f (id, outcome)",
        court.clerk.id, court.chair.id, f"{year}-04-30 09:00+09", f"{year}-05-04", cases, [one[2] for one in kinds],
    )  # fmt: skip
    return cases


def _bills(first: BillFacts, taxes: Sequence[str], bodies: Sequence[str]) -> list[int]:
    """Copies of a bill, as far as the court looks at one."""
    found = as_owner(
        "INSERT INTO billing_bill SELECT x.* FROM billing_bill b, "
        "unnest(%s::text[], %s::text[]) WITH ORDINALITY AS f (tax, body, n), LATERAL jsonb_populate_record(b, "
        "jsonb_build_object('id', 10000 + b.id * 1000 + n, 'tax_id', f.tax, 'body_id', f.body, "
        "'epay_number', lpad((b.id * 1000 + n)::text, 19, '3'), 'tax_number', lpad((b.id * 1000 + n)::text, 31, '4'), "
        "'roll_ref', 'copy' || n || '-' || b.id, 'object_ref', 'copy' || n || '-' || b.id)) AS x "
        "WHERE b.id = %s ORDER BY n RETURNING id",
        list(taxes), list(bodies), first.id,
    )  # fmt: skip
    bills = [row[0] for row in found]
    BillLine.objects.bulk_create(
        [
            BillLine(bill_id=bill, position=1, tax_id=tax, amount=first.amount)
            for bill, tax in zip(bills, taxes, strict=True)
        ]
    )
    return bills
