from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.events import BILL_ISSUED, BILLS_AN_EVENT, ROLL_ISSUED, ROLL_PART_REQUESTED
from billing.models import LevyRoll, RollRow
from billing.rules.calendar import due_when_billed
from billing.rules.dated import DatedTables
from billing.rules.registry import kind_of
from billing.selectors.city import city_calendar, dated_tables
from billing.services.entitlements import give_credits
from billing.services.identify_payers import identify_payers
from billing.services.number_bills import numbers_for
from billing.states import ROLL_TRANSITIONS, RollStatus
from core import audit, clock, outbox
from core.errors import Refusal
from core.states import StaleState, move
from ledger.services import Posting, Purpose, post_entry


class RollNotApproved(Refusal):
    message = _("Only an approved roll can be issued.")


def request_issue(*, roll_id: int, requested_by_id: int) -> None:
    """An officer starts issuing: jobs issue one district after the other, and the page shows how far they are."""
    with transaction.atomic():
        _begin(roll_id)
        for body in _bodies(roll_id):
            outbox.publish(ROLL_PART_REQUESTED, roll_id=roll_id, body=body)
        audit.record(action="billing.roll_issue_requested", subject=f"roll:{roll_id}", actor_id=requested_by_id)


def issue_roll(*, roll_id: int, at: datetime) -> int:
    """Issue all that is left of an approved roll, district by district, each in its own commit; returns the bills made.

    A run that was cut off is simply started again: issued rows are passed over.
    """
    if LevyRoll.objects.get(pk=roll_id).status != RollStatus.ISSUING:
        _begin(roll_id)
    made = sum(issue_part(roll_id=roll_id, body=body, at=at) for body in _bodies(roll_id))
    finish_if_complete(roll_id=roll_id, at=at)
    return made


def issue_part(*, roll_id: int, body: str, at: datetime) -> int:
    """Issue one district's bills in one commit: bills, lines, numbers, the receivable in the books, events.

    One statement for each table, however many rows. Returns the bills made; 0 when somebody else made them.
    """
    identify_payers(roll_id=roll_id, body=body)
    tables = dated_tables()
    with transaction.atomic():
        roll = LevyRoll.objects.select_related("tax").get(pk=roll_id)
        if roll.status not in (RollStatus.ISSUING, RollStatus.ISSUED):
            raise RollNotApproved
        waiting = RollRow.objects.select_for_update(of=("self",)).filter(
            roll_id=roll_id, body_id=body, bill=None, collected=True
        )
        rows = list(waiting.order_by("row_number").values_list("id", flat=True))
        if not rows:
            return 0
        bills = _insert_bills(roll, body, rows, tables=tables, at=at)
        _insert_lines(bills)
        give_credits(bill_ids=bills, tables=tables, at=at)
        _post_receivable(roll, body, bills, at=at)
        for start in range(0, len(bills), BILLS_AN_EVENT):
            outbox.publish(BILL_ISSUED, bill_ids=bills[start : start + BILLS_AN_EVENT])
    return len(bills)


def finish_if_complete(*, roll_id: int, at: datetime) -> bool:
    """Close the roll when every row that is collected has its bill; whoever comes second finds it closed."""
    with transaction.atomic():
        # Two districts that end at once: the second waits here for the first one's commit and then sees its bills.
        LevyRoll.objects.select_for_update().get(pk=roll_id)
        if RollRow.objects.filter(roll_id=roll_id, bill=None, collected=True).exists():
            return False
        try:
            move(
                LevyRoll,
                roll_id,
                transitions=ROLL_TRANSITIONS,
                old=RollStatus.ISSUING,
                new=RollStatus.ISSUED,
                issued_at=at,
            )
        except StaleState:
            return False
        outbox.publish(ROLL_ISSUED, roll_id=roll_id)
        return True


def _begin(roll_id: int) -> None:
    try:
        move(LevyRoll, roll_id, transitions=ROLL_TRANSITIONS, old=RollStatus.APPROVED, new=RollStatus.ISSUING)
    except StaleState:
        raise RollNotApproved from None


def _bodies(roll_id: int) -> list[str]:
    bodies = RollRow.objects.filter(roll_id=roll_id).values_list("body_id", flat=True).distinct()
    return sorted(bodies)


def _due_dates(roll: LevyRoll, *, tables: DatedTables, at: datetime) -> tuple[date, date, date]:
    """The day the liability arose, the statutory due date, and the day until which these bills may be paid."""
    today = clock.local_date(at)
    term = kind_of(roll.kind).term(year=roll.tax_year, number=roll.term, tables=tables)
    late = tables.at("due_date", today).body
    due = due_when_billed(
        calendar=city_calendar(tables=tables, on=today),
        nominal=term.nominal_due_on,
        tax=roll.tax_id,
        arrives=today,
        late_within_days=late["arrives_late_within_days"],
        then_days=late["then_days_after_arrival"],
    )
    return term.liability_on, term.nominal_due_on, due


def _insert_bills(roll: LevyRoll, body: str, rows: list[int], *, tables: DatedTables, at: datetime) -> list[int]:
    """The bills of these staged rows, in their order; also told to the rows."""
    liability, nominal, due = _due_dates(roll, tables=tables, at=at)
    numbers = numbers_for(
        body=body, tax=roll.tax, year=roll.tax_year, month=nominal.month, term=roll.term, count=len(rows), tables=tables
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH numbered AS ("
            "  SELECT nextval(pg_get_serial_sequence('billing_bill', 'id')) AS bill_id, n.* "
            "  FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS n (row_id, tax_number, epay_number)"
            "), made AS ("
            "  INSERT INTO billing_bill (id, taxpayer_id, body_id, tax_id, tax_year, term, status, tax_number, "
            "    epay_number, roll_ref, object_ref, facts, amount, liability_on, nominal_due_on, due_on, issued_at) "
            "  SELECT n.bill_id, r.taxpayer_id, r.body_id, %s, %s, %s, 'issued', n.tax_number, n.epay_number, "
            "    r.roll_ref, r.object_ref, r.facts, r.amount, %s::date, %s::date, %s::date, %s "
            "  FROM numbered n JOIN billing_rollrow r ON r.id = n.row_id"
            ") UPDATE billing_rollrow r SET bill_id = n.bill_id FROM numbered n WHERE r.id = n.row_id "
            "RETURNING n.bill_id",
            [
                rows,
                [number.tax_number for number in numbers],
                [number.epay_number for number in numbers],
                roll.tax_id,
                roll.tax_year,
                roll.term,
                liability,
                nominal,
                due,
                at,
            ],
        )
        return sorted(row[0] for row in cursor.fetchall())


def _insert_lines(bills: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_billline (bill_id, position, tax_id, amount) "
            "SELECT r.bill_id, l.place, l.line ->> 'tax', (l.line ->> 'amount')::bigint "
            "FROM billing_rollrow r "
            "CROSS JOIN LATERAL jsonb_array_elements(r.lines) WITH ORDINALITY AS l (line, place) "
            "WHERE r.bill_id = ANY (%s::bigint[])",
            [bills],
        )


def _post_receivable(roll: LevyRoll, body: str, bills: list[int], *, at: datetime) -> None:
    """One entry for the district's part of the roll: the levy decision (징수결의) is one act for all its bills."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tax_id, sum(amount)::bigint FROM billing_billline WHERE bill_id = ANY (%s::bigint[]) "
            "GROUP BY tax_id ORDER BY tax_id",
            [bills],
        )
        sums = cursor.fetchall()
    postings = [
        Posting(body, tax, purpose, sign * amount)
        for tax, amount in sums
        for purpose, sign in ((Purpose.RECEIVABLE, 1), (Purpose.REVENUE, -1))
    ]
    post_entry(
        kind="levy",
        reference=f"roll:{roll.pk}:{body}:{bills[0]}",
        business_date=clock.local_date(at),
        occurred_at=at,
        postings=postings,
    )
