"""What becomes of a payment, its bill, its receipt and the books when its money is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import clock
from core.models import Event
from ledger.selectors import trial_balance
from payments import events, services
from payments.gateways.base import Movement, MovementKind
from payments.models import Attempt, Payment, Reversal, ReversalPart
from payments.rules.allocation import Share
from payments.selectors import by_secret
from payments.states import Channel
from receipts.selectors import find_document, open_link
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.racing import at_once

pytestmark = pytest.mark.usefixtures("db")
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def came(mark: str, amount: int, kind: MovementKind = MovementKind.DEPOSIT, days: int = 0) -> Movement:
    return Movement(mark, kind, amount, clock.now() - timedelta(days=days))


def pays(bill: BillFacts, mark: str, amount: int = 52_000, days: int = 0) -> services.Settlement:
    return services.pay_directly(
        gateway="atm:088",
        channel=Channel.ATM,
        movement=came(mark, amount, days=days),
        shares=[Share(bill.id, amount)],
        at=clock.now(),
    )


def goes(mark: str, amount: int = 52_000, *, of: str, kind: MovementKind = MovementKind.REVERSAL) -> services.Reversal:
    return services.reverse(gateway="atm:088", movement=came(mark, amount, kind), of_movement=of, at=clock.now())


def documents() -> list[tuple[str, int]]:
    rows = apps.get_model("receipts", "Document").objects.order_by("id")
    return [(row.status, row.facts["total"]) for row in rows]


def checked() -> None:
    call_command("ledger_check")
    call_command("log_check")


def test_a_bill_whose_money_went_is_owed_again(bill: BillFacts) -> None:
    pays(bill, "A")
    assert balances() == PAID
    answer = goes("R", of="A")
    assert not answer.repeated
    assert balances() == OWED
    assert goes("R", of="A") == services.Reversal(answer.reversal_id, repeated=True)
    assert Attempt.objects.get().status == "cancelled"
    told = Event.objects.get(topic=events.PAYMENT_REVERSED).payload
    assert told == {
        "payment_id": Payment.objects.get().pk,
        "reversal_id": answer.reversal_id,
        "bill_ids": [bill.id],
        "amount": 52_000,
        "excess": 0,
        "kind": "reversal",
    }
    checked()


def test_what_was_too_much_goes_first_and_the_rest_of_the_bill_stays_paid(bill: BillFacts) -> None:
    pays(bill, "A", 60_000)
    goes("R", 10_000, of="A")
    assert balances() == {"clearing": 50_000, "receivable": 2_000, "revenue": -52_000}
    assert Attempt.objects.get().status == "paid"
    checked()


def test_the_second_of_two_payments_takes_the_place_of_the_first(bill: BillFacts) -> None:
    pays(bill, "A")
    pays(bill, "B")
    goes("R", of="A")
    assert balances() == PAID
    part = ReversalPart.objects.get()
    assert (part.applied, part.excess) == (0, 52_000)
    assert documents() == [("annulled", 52_000), ("requested", 52_000)]
    checked()


def test_never_more_than_was_paid(bill: BillFacts) -> None:
    pays(bill, "A")
    goes("R1", 30_000, of="A")
    with pytest.raises(services.UnableToReverse):
        goes("R2", 30_000, of="A")
    assert Reversal.objects.count() == 1
    assert balances()["clearing"] == 22_000


def test_two_at_once_take_no_more_than_was_paid(bill: BillFacts, database_name: str) -> None:
    pays(bill, "A")

    def take(mark: str) -> Callable[..., str]:
        def call(role: object) -> str:
            try:
                goes(mark, 30_000, of="A")
            except services.UnableToReverse:
                return "refused"
            return "taken"

        return call

    assert sorted(at_once(database_name, [take("R1"), take("R2")])) == ["refused", "taken"]
    assert balances()["clearing"] == 22_000
    checked()


def test_the_receipt_is_annulled_and_the_register_says_so(bill: BillFacts, deliver_events: Callable[[], None]) -> None:
    pays(bill, "A")
    deliver_events()
    document = apps.get_model("receipts", "Document").objects.get()
    secret = services.link_secret(Payment.objects.get().reference)
    goes("R", of="A")
    entry = find_document(number=document.number, address="127.0.0.1")
    assert entry is not None
    assert (entry.status, entry.withdrawn_at is not None) == ("annulled", True)
    opened = open_link(secret)
    assert opened is not None
    assert opened.pdf is None


def test_a_part_leaves_a_receipt_about_what_is_left_behind_the_same_link(
    bill: BillFacts, deliver_events: Callable[[], None]
) -> None:
    pays(bill, "A")
    deliver_events()
    goes("R", 12_000, of="A", kind=MovementKind.CANCEL)
    deliver_events()
    assert documents() == [("annulled", 52_000), ("ready", 40_000)]
    opened = open_link(services.link_secret(Payment.objects.get().reference))
    assert opened is not None
    assert opened.pdf is not None
    page = by_secret(secret=services.link_secret(Payment.objects.get().reference))
    assert page is not None
    assert [one.status for one in page.receipts] == ["ready"]
    assert ([one.amount for one in page.taken], page.received) == ([12_000], 40_000)
    checked()


def test_a_reversal_that_overtakes_its_payment_is_remembered_and_posted_with_it(bill: BillFacts) -> None:
    assert goes("R", of="A").remembered
    assert balances() == OWED
    pays(bill, "A")
    assert balances() == OWED
    assert ReversalPart.objects.get().amount == 52_000
    assert goes("R", of="A").repeated
    checked()


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_and_repeated_it_ends_in_the_same_accounts(db: None, seed: int) -> None:
    random = Random(seed)  # noqa: S311 (a shuffle that can be repeated)
    bill = a_bill()
    steps: list[Callable[[], object]] = [
        partial(pays, bill, "A", 52_000, 3),
        partial(pays, bill, "B", 60_000, 2),
        partial(pays, bill, "C", 20_000, 1),
        partial(goes, "RA", of="A"),
        partial(goes, "RB1", 10_000, of="B"),
        partial(goes, "RB2", 41_000, of="B"),
    ]
    steps += random.sample(steps, 3)
    random.shuffle(steps)
    for step in steps:
        step()
    assert [(line.tax, line.purpose, line.balance) for line in trial_balance() if line.balance] == [
        ("automobile", "clearing", 29_000),
        ("automobile", "receivable", 11_000),
        ("automobile", "revenue", -40_000),
        ("local_education", "receivable", 12_000),
        ("local_education", "revenue", -12_000),
    ]
    checked()


def test_a_payment_and_its_reversal_at_one_moment_end_as_one_after_the_other(
    bill: BillFacts, database_name: str
) -> None:
    at_once(database_name, [lambda role: pays(bill, "A"), lambda role: goes("R", of="A")])
    services.sweep(at=clock.now())
    assert balances() == OWED
    assert ReversalPart.objects.get().amount == 52_000
    checked()


def test_one_that_cannot_be_posted_keeps_no_other_from_it(bill: BillFacts) -> None:
    goes("R0", 60_000, of="Z")
    goes("R1", of="A")
    services.suspend(gateway="atm:088", reference="X", movement=came("Z", 52_000), at=clock.now())
    with transaction.atomic(), connection.cursor() as cursor:  # as if both had come at one moment
        cursor.execute("SELECT payments_post_all_remembered(now())")
        assert cursor.fetchone() == (0,)
    pays(bill, "A")
    assert [row.movement_id for row in Reversal.objects.filter(posted_at=None)] == ["R0"]
    checked()


def test_money_in_suspense_is_taken_back_from_there(db: None) -> None:
    services.suspend(gateway="statement:088", reference="X", movement=came("A", 7_000), at=clock.now())
    services.reverse(
        gateway="statement:088", movement=came("R", 7_000, MovementKind.REVERSAL), of_movement="A", at=clock.now()
    )
    assert balances() == {}
    checked()


def test_late_money_is_owed_again_with_its_surcharge(db: None) -> None:
    late = a_bill(due=clock.local_date(clock.now()) - timedelta(days=10))
    pays(late, "A", 52_000 + 1_200 + 360)
    assert balances() == {"clearing": 53_560, "revenue": -53_560}
    goes("R", 53_560, of="A")
    assert balances() == OWED
    checked()


def test_nobody_else_takes_money_back_and_what_is_written_stays(
    bill: BillFacts, as_role: Callable[..., object]
) -> None:
    pays(bill, "A")
    goes("R", of="A")
    for statement in ("UPDATE payments_reversal SET amount = 1", "DELETE FROM payments_reversalpart"):
        for face in ("public", "office", "intake", "worker"):
            with as_role(face), pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(statement)
    reverse = "SELECT payments_reverse('atm:088', '', 'A', '{}', NULL, now())"
    for face in ("public", "office"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(reverse)
