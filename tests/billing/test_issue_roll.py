from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from billing import checks, selectors, services
from billing.models import Bill, BillLine, LevyRoll, RollRow
from billing.rules.numbers import tax_number_is_valid
from billing.states import RollStatus
from core.models import Event
from ledger.selectors import trial_balance

from .conftest import AT, Officers, csv_of, sample_text

Issue = Callable[..., int]


def receivable() -> dict[tuple[str, str], int]:
    return {(line.body, line.tax): line.debit for line in trial_balance() if line.purpose == "receivable"}


def test_an_approved_roll_becomes_bills_with_lines_numbers_and_due_date(issued: Issue) -> None:
    roll_id = issued(csv_of({}))
    bill = Bill.objects.get()
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.ISSUED
    assert (bill.status, bill.amount, bill.due_on) == ("issued", 260_000, date(2026, 6, 30))
    assert list(bill.lines.order_by("position").values_list("tax_id", "amount")) == [
        ("automobile", 200_000),
        ("local_education", 60_000),
    ]
    assert tax_number_is_valid(bill.tax_number)
    assert bill.epay_number.startswith("111101" + "26" + "09")
    assert (bill.taxpayer.name, bill.taxpayer.birth_date) == ("김가나", date(1869, 3, 2))


def test_the_receivable_stands_in_the_books_by_district_and_tax(issued: Issue) -> None:
    issued(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "district_code": "11140"}))
    assert receivable() == {
        ("11110", "automobile"): 200_000,
        ("11110", "local_education"): 60_000,
        ("11140", "automobile"): 200_000,
        ("11140", "local_education"): 60_000,
    }


def test_after_issue_the_staged_rows_hold_nobody(issued: Issue) -> None:
    issued(csv_of({}))
    row = RollRow.objects.get()
    assert "김가나" not in json.dumps(row.facts, ensure_ascii=False) + row.roll_ref + row.object_ref
    assert row.taxpayer_id is not None


def test_a_roll_issued_late_falls_due_two_weeks_on(issued: Issue) -> None:
    issued(csv_of({}), at=datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    bill = Bill.objects.get()
    assert (bill.nominal_due_on, bill.due_on) == (date(2026, 6, 30), date(2026, 12, 7))


def test_a_car_below_the_smallest_bill_gets_none(issued: Issue) -> None:
    roll_id = issued(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "first_registered": "2026-06-30"}))
    assert Bill.objects.count() == 1
    assert sum(district.not_collected for district in selectors.preview(roll_id=roll_id).districts) == 1


def test_issuing_an_issued_roll_again_makes_nothing(issued: Issue) -> None:
    roll_id = issued(csv_of({}))
    with pytest.raises(services.RollNotApproved):
        services.issue_roll(roll_id=roll_id, at=AT)
    assert services.issue_part(roll_id=roll_id, body="11110", at=AT) == 0
    assert Bill.objects.count() == 1


def test_a_roll_that_nobody_approved_is_not_issued(imported: Callable[[str], int]) -> None:
    roll_id = imported(csv_of({}))
    with pytest.raises(services.RollNotApproved):
        services.issue_roll(roll_id=roll_id, at=AT)
    with pytest.raises(services.RollNotApproved):
        services.issue_part(roll_id=roll_id, body="11110", at=AT)
    assert not Bill.objects.exists()


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(imported: Callable[[str], int], officers: Officers) -> None:
    roll_id = imported(sample_text(100))
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
    services.request_issue(roll_id=roll_id, requested_by_id=officers.approver)
    for body in ("11110", "11140"):
        services.issue_part(roll_id=roll_id, body=body, at=AT)
    with pytest.raises(ConnectionError), transaction.atomic():
        services.issue_part(roll_id=roll_id, body="11170", at=AT)
        raise ConnectionError("cut off before the commit")
    assert {code for code, _ in receivable()} == {"11110", "11140"}
    assert sum(receivable().values()) == sum(Bill.objects.values_list("amount", flat=True))
    services.issue_roll(roll_id=roll_id, at=AT)
    assert Bill.objects.count() == 100
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.ISSUED
    assert sum(receivable().values()) == sum(BillLine.objects.values_list("amount", flat=True))


def test_jobs_issue_a_requested_roll_district_by_district(
    imported: Callable[[str], int], officers: Officers, deliver_events: Callable[[], int]
) -> None:
    roll_id = imported(sample_text(60))
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
    deliver_events()
    assert not RollRow.objects.filter(taxpayer=None).exists()
    services.request_issue(roll_id=roll_id, requested_by_id=officers.approver)
    deliver_events()
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.ISSUED
    assert Bill.objects.count() == 60


def test_everybody_hears_of_new_bills_in_lists(issued: Issue) -> None:
    issued(csv_of({}))
    event = Event.objects.get(topic="billing.bill_issued.v1")
    assert event.payload == {"bill_ids": [Bill.objects.get().pk]}


def test_the_number_of_statements_does_not_grow_with_the_roll(
    imported: Callable[[str], int], officers: Officers
) -> None:
    counts = []
    for seed, rows in ((1, 2), (2, 200)):
        one_district = [line.split(",") for line in sample_text(rows, seed=seed).splitlines()]
        text = "\n".join(",".join(["CAR" + cells[0], "11110", *cells[2:]]) if n else ",".join(cells)
                         for n, cells in enumerate(one_district))  # fmt: skip
        roll_id = imported(text)
        services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
        with CaptureQueriesContext(connection) as queries:
            services.issue_roll(roll_id=roll_id, at=AT)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2


def test_no_two_bills_share_a_number(issued: Issue) -> None:
    issued(sample_text(1000))
    for number in ("tax_number", "epay_number"):
        assert Bill.objects.values(number).distinct().count() == 1000


def test_the_database_keeps_one_bill_in_force_for_a_vehicle_and_half(issued: Issue) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    bill.pk, bill.tax_number, bill.epay_number, bill.roll_ref = None, "0" * 31, "0" * 19, "other"
    with pytest.raises(IntegrityError, match="billing_bill_object_once"):
        bill.save(force_insert=True)


def test_a_line_is_never_changed(issued: Issue) -> None:
    issued(csv_of({}))
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
        BillLine.objects.update(amount=1)


def test_a_cancelled_bill_leaves_the_books_and_may_be_billed_anew(
    issued: Issue, imported: Callable[[str], int], officers: Officers
) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.approver, reason="sold in May", at=AT)
    assert sum(line.balance for line in trial_balance() if line.purpose == "receivable") == 0
    assert selectors.owed(bill_ids=[bill.pk], at=AT)[bill.pk].total == 0
    with pytest.raises(services.BillNotInForce):
        services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.approver, reason="again", at=AT)
    assert LevyRoll.objects.get(pk=imported(csv_of({"roll_ref": "CAR-9"}))).status == RollStatus.STAGED


def test_two_workers_at_one_district_make_each_bill_once(imported: Callable[[str], int], officers: Officers) -> None:
    roll_id = imported(sample_text(100))
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
    services.request_issue(roll_id=roll_id, requested_by_id=officers.approver)
    made: list[int] = []

    def work() -> None:
        for district in bodies:
            made.append(services.issue_part(roll_id=roll_id, body=district, at=AT))
            services.finish_if_complete(roll_id=roll_id, at=AT)
        connection.close()

    bodies = sorted(RollRow.objects.values_list("body_id", flat=True).distinct())
    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == Bill.objects.count() == RollRow.objects.filter(collected=True).count()
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.ISSUED
    assert Event.objects.filter(topic="billing.roll_issued.v1").count() == 1


def test_the_books_prove_what_the_bills_say(issued: Issue, officers: Officers) -> None:
    issued(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "district_code": "11140"}))
    first, second = Bill.objects.order_by("roll_ref")
    services.cancel_bill(bill_id=first.pk, cancelled_by_id=officers.approver, reason="sold", at=AT)
    assert checks.receivables_agree() == []
    services.apply_payment(bill_id=second.pk, amount=1000, paid_at=AT, payment_reference="PAY-1")
    assert [(found.name, found.ledger, found.elsewhere) for found in checks.receivables_agree()] == [
        ("receivable 11140/automobile", 200_000, 199_000)
    ]
