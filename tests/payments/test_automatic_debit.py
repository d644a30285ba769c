"""Bills of those who gave a mandate are debited on their due date: once, what they owe, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection

from accounts.models import Taxpayer
from billing.models import BillCredit, Entitlement
from core import clock, outbox
from payments import services
from payments.gateways import registry
from payments.models import Attempt, DebitLetter, Mandate, Payment, SettlementLine
from payments.reconcile.fetch import fetch_settlements
from receipts.models import Document
from tests.payments.cast import BillFacts, a_visitor, attempt_of, balances, today
from tests.payments.debits import (
    Giver,
    a_giver,
    attempts,
    due_today,
    evening,
    learn_now,
    morning,
    run,
    the_debit,
)
from tests.payments.plans import in_two_parts
from tests.payments.racing import at_once
from tests.payments.world import CLOSED, DEBITED_LATER, EMPTY, LOSES_ANSWER, NOT_THE_HOLDER, World, an_account
from tests.support.database import AsRole

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}


@pytest.fixture
def bill(db: None) -> BillFacts:
    return due_today()


@pytest.fixture
def giver(as_role: AsRole, bill: BillFacts) -> Giver:
    return a_giver(as_role, bill)


def letters() -> list[str]:
    return list(DebitLetter.objects.order_by("pk").values_list("kind", flat=True))


def sent(giver: Giver) -> str:
    """The text of the last letter."""
    services.send_letters(at=clock.now())
    last = mail.outbox[-1]
    assert last.to == [giver.mail]
    return str(last.body)


def test_a_bill_is_debited_on_its_due_date_and_a_receipt_made(world: World, giver: Giver) -> None:
    mandate = giver.gives(world)
    assert run(morning() - timedelta(minutes=1)).tried == 0
    assert run() == services.DebitRun(0, 1, 1)
    assert (the_debit().status, the_debit().due_on) == ("done", today())
    attempt = Attempt.objects.get()
    assert (attempt.channel, attempt.status, attempt.gateway) == ("automatic_debit", "paid", mandate.gateway)
    assert world.acquirer.order(attempt.reference)["method"] == "DEBIT"
    assert Document.objects.get().facts["channel"]["ko"] == "자동이체"
    assert balances() == PAID
    assert run(evening()) == services.DebitRun(0, 0, 0)


def test_nobody_is_debited_without_a_mandate_in_force_nor_before_the_day(
    world: World, giver: Giver, as_role: AsRole, bill: BillFacts
) -> None:
    due_today()
    due_today(of=bill, due=today() + timedelta(days=1))
    opened = giver.asks()
    assert run().tried == 0
    world.agree_to_debits(opened.go_to)
    assert run().tried == 0  # the bank was not asked yet
    learn_now(after=timedelta(minutes=31))
    assert run().tried == 1
    assert [item.bill_id for item in Attempt.objects.get().items.all()] == [bill.id]


def test_a_part_of_a_plan_is_debited_on_its_own_day(world: World, giver: Giver, bill: BillFacts) -> None:
    in_two_parts(bill, due=today())
    giver.gives(world)
    run()
    assert attempts() == [("paid", 30_000)]
    assert the_debit().status == "done"


def test_what_was_paid_before_is_not_debited(world: World, giver: Giver, as_role: AsRole, bill: BillFacts) -> None:
    giver.gives(world)
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    assert run().tried == 0  # a payment that is being confirmed goes first
    services.sweep(at=clock.now() + timedelta(minutes=1))
    assert attempt_of(started).status == "paid"
    run()
    assert the_debit().status == "not_needed"
    assert Payment.objects.count() == 1


def test_an_empty_account_is_told_tried_again_and_debited_when_there_is_money(world: World, giver: Giver) -> None:
    account = an_account(EMPTY)
    giver.gives(world, account)
    run()
    assert (the_debit().status, the_debit().next_at, the_debit().tries_made) == ("due", evening(), 1)
    text = sent(giver)
    assert "잔액이 부족" in text
    assert "18시 00분에 다시 출금합니다" in text
    world.put_money_in(account, 52_000)
    run(morning() + timedelta(hours=1))
    assert attempts() == [("declined", 52_000)]
    run(evening())
    assert (the_debit().status, the_debit().tries_made) == ("done", 2)
    assert attempts() == [("declined", 52_000), ("paid", 52_000)]
    assert balances() == PAID


def test_after_the_last_try_it_says_that_there_is_no_more(world: World, giver: Giver) -> None:
    giver.gives(world, an_account(EMPTY))
    services.run_debits(at=clock.now(), until=evening() + timedelta(days=6))
    assert (the_debit().status, the_debit().next_at) == ("failed", None)
    assert "다시 출금하지 않습니다" in sent(giver)
    assert letters() == ["confirmed", "failed"]
    assert balances() == {"receivable": 52_000, "revenue": -52_000}


def test_a_closed_account_ends_the_mandate_and_is_not_tried_again(world: World, giver: Giver) -> None:
    mandate = giver.gives(world, an_account(CLOSED))
    run()
    learn_now()
    run(evening())
    mandate.refresh_from_db()
    assert (mandate.status, mandate.ended_on) == ("ended", today())
    assert (the_debit().status, the_debit().tries_made) == ("failed", 1)
    assert letters() == ["confirmed", "failed", "ended"]
    assert Entitlement.objects.get().ended_on == today()


@pytest.mark.parametrize("loss", [LOSES_ANSWER, DEBITED_LATER, "never arrived", "bank away"])
def test_a_lost_answer_is_asked_for_and_debits_once(world: World, giver: Giver, loss: str) -> None:
    giver.gives(world, an_account(loss) if loss.isdigit() else "")
    if loss == "never arrived":
        world.fault(fault="http_500", endpoint="debits")
    if loss == "bank away":
        world.fault(fault="http_500", times=3)
    run()
    assert attempts() == [("created", 52_000)]
    assert (the_debit().status, letters()) == ("trying", ["confirmed"])
    if loss == DEBITED_LATER:
        world.until_decided(Attempt.objects.get().reference)
    for minutes in (1, 5, 15):
        services.sweep(at=morning() + timedelta(minutes=minutes))
    assert attempts() == [("paid", 52_000)]
    run(morning() + timedelta(minutes=20))
    assert (the_debit().status, the_debit().tries_made) == ("done", 1)
    assert balances() == PAID


def test_a_debit_that_never_arrived_is_not_said_again_once_the_bill_is_paid(
    world: World, giver: Giver, as_role: AsRole, bill: BillFacts
) -> None:
    giver.gives(world)
    world.fault(fault="http_500", endpoint="debits")
    run()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)
    visitor.returns(started)
    services.resolve_attempt(attempt_id=attempt_of(started).pk, at=clock.now())
    for minutes in (1, 5, 15, 30):
        services.sweep(at=morning() + timedelta(minutes=minutes))
    assert [status for status, _ in attempts()] == ["expired", "paid"]
    assert balances() == PAID


def test_a_debit_and_a_card_payment_at_once_leave_one_payment_and_one_overpayment(
    world: World, giver: Giver, as_role: AsRole, bill: BillFacts, database_name: str
) -> None:
    giver.gives(world)
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.agree(started.go_to)

    def debit(sign_in: AsRole) -> object:
        with sign_in("worker"):
            return services.run_debits(at=morning())

    def pay(sign_in: AsRole) -> object:
        with sign_in("public"):
            from core.db.session import session_secret

            with session_secret(visitor.secret):
                services.return_from_card(secret=started.secret, at=clock.now())
        with sign_in("worker"):
            return services.resolve_attempt(attempt_id=attempt_of(started).pk, at=clock.now())

    at_once(database_name, [debit, pay])
    services.sweep(at=clock.now() + timedelta(hours=1))
    run(evening())
    sums = balances()
    assert sums["revenue"] == -52_000
    # Whoever came first: either both took money and one is to be paid back, or the debit saw that it was not needed.
    assert sums in ({**PAID}, {"clearing": 104_000, "revenue": -52_000, "overpayment": -52_000})
    assert the_debit().status in {"done", "not_needed"}


def test_two_runs_at_once_debit_once(world: World, giver: Giver, database_name: str) -> None:
    giver.gives(world)

    def debit(sign_in: AsRole) -> object:
        with sign_in("worker"):
            return services.run_debits(at=morning()).tried

    assert sorted(at_once(database_name, [debit, debit])) == [0, 1]
    run(morning() + timedelta(minutes=1))
    assert balances() == PAID


def test_a_mandate_is_asked_for_once_and_refused_by_the_bank_is_none(world: World, giver: Giver) -> None:
    opened = giver.asks()
    assert giver.asks() == opened
    with pytest.raises(services.MandateThere):
        giver.asks(bank="88")
    with pytest.raises(services.BankNotServed):
        giver.asks(bank="99")
    world.agree_to_debits(opened.go_to, an_account(NOT_THE_HOLDER))
    learn_now(after=timedelta(minutes=31))
    mandate = Mandate.objects.get()
    assert (mandate.status, mandate.failure) == ("refused", "MANDATE_REFUSED")
    assert letters() == []
    giver.gives(world)


def test_a_lost_answer_of_the_bank_leads_to_its_page_all_the_same(world: World, giver: Giver) -> None:
    world.fault(fault="lost_answer", endpoint="mandates", times=2)
    opened = giver.asks()
    assert opened.go_to == ""
    learn_now()
    page = Mandate.objects.get().page_url
    assert page
    world.agree_to_debits(page)
    world.fault(fault="lost_answer", endpoint="confirm-mandate")
    with giver.here():
        services.returned(reference=opened.reference, agreed=True)
    learn_now()
    assert Mandate.objects.get().status == "confirming"
    learn_now(after=timedelta(minutes=5))
    assert Mandate.objects.get().status == "active"


def test_an_ended_mandate_is_debited_no_more_and_its_giver_told(world: World, giver: Giver) -> None:
    mandate = giver.gives(world)
    with giver.here():
        services.end_own(reference=mandate.reference)
        with pytest.raises(services.NothingToEnd):
            services.end_own(reference=mandate.reference)
    assert run().tried == 0
    learn_now()
    mandate.refresh_from_db()
    assert (mandate.status, mandate.ended_on, mandate.ended_by_id) == ("ended", today(), giver.account_id)
    assert "더 이상 출금하지 않습니다" in sent(giver)
    assert world.acquirer.get(f"/v1/mandates/ids/{mandate.reference}").json()["status"] == "ENDED"


@pytest.mark.parametrize("stage", ["in force", "agreed", "asked"])
def test_what_a_deceased_gave_leave_to_is_debited_no_more(
    world: World, giver: Giver, deliver_events: Callable[[], int], stage: str
) -> None:
    if stage == "in force":
        giver.gives(world)
    else:
        opened = giver.asks()
        if stage == "agreed":
            world.agree_to_debits(opened.go_to, an_account())
    Taxpayer.objects.filter(pk=giver.taxpayer_id).update(died_on=today())
    outbox.publish("accounts.death_recorded.v1", taxpayer_id=giver.taxpayer_id)
    deliver_events()
    run()
    learn_now()
    mandate = Mandate.objects.get()
    assert (mandate.status, mandate.end_reason) == (
        {"in force": "ended", "agreed": "refused", "asked": "asked"}[stage],
        "납세자가 사망하였습니다.",
    )
    if stage == "asked":  # somebody agrees at the bank all the same
        world.agree_to_debits(opened.go_to, an_account())
        learn_now(after=timedelta(hours=1))
        assert Mandate.objects.get().status == "refused"
    assert attempts() == []


def test_a_mandate_that_was_revoked_at_the_bank_ends_here_when_the_bank_tells_it(
    world: World, giver: Giver, deliver_events: Callable[[], int]
) -> None:
    mandate = giver.gives(world)
    world.holder_revokes(mandate.gateway_key)
    run()  # nobody told us: the debit is refused, and the bank asked
    learn_now()
    mandate.refresh_from_db()
    assert mandate.status == "ended"
    assert letters() == ["confirmed", "failed", "ended"]


def test_letters_are_sent_once_and_wait_while_the_mail_server_is_away(
    world: World, giver: Giver, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver.gives(world)

    def away(*arguments: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("payments.services.debits.letters.send_mail", away)
        services.send_letters(at=clock.now())
    assert DebitLetter.objects.get().sent_at is None
    assert services.send_letters(at=clock.now()) == 0
    assert services.send_letters(at=clock.now() + timedelta(minutes=3)) == 1
    assert services.send_letters(at=clock.now() + timedelta(minutes=9)) == 0
    assert (len(mail.outbox), DebitLetter.objects.get().sent) == (1, True)


def test_the_credit_is_earned_from_the_next_month_and_granted_when_debited_in_time(
    world: World, giver: Giver, bill: BillFacts
) -> None:
    mandate = giver.gives(world)
    before = date(today().year - 1, 1, 1)
    assert (Entitlement.objects.get().kind, Entitlement.objects.get().began_on) == ("autopay", today())
    # The mandate was given long before: its bill is issued with the credit.
    Entitlement.objects.update(began_on=before)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT billing_give_credits(ARRAY[%s]::bigint[], %s, %s, %s)",
            [bill.id, '{"one": 800, "both": 1600}', "지방세특례제한법 제92조의2", today()],
        )
    assert BillCredit.objects.get().kinds == ["autopay"]
    run()
    assert attempts() == [("paid", 51_200)]
    assert mandate.status == "active"
    assert balances()["clearing"] == 51_200
    run(evening())
    assert len(attempts()) == 1


def test_the_gateways_settlement_names_a_debit_as_any_movement(world: World, giver: Giver) -> None:
    giver.gives(world)
    run()
    assert fetch_settlements(gateway=registry.gateway("sandbox_acquirer"), start=today(), end=today())
    payment = Payment.objects.get()
    line = SettlementLine.objects.get(movement_id=payment.movement_id)
    assert (line.reference, line.amount, line.fee + line.fee_tax) == (payment.reference, 52_000, 330)
