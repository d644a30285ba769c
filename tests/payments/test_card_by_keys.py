"""A caller types a card on the keys of the telephone, in the gateway's own call; the agent follows and sees no key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from core import clock
from payments import office, services
from payments.gateways import registry
from payments.models import Attempt, InboxMessage, Payment, PhoneCall
from receipts.models import Document
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.desk import Agent, a_telephone, agent, an_agent, bill, the_attempt, work
from tests.payments.messages import arrive
from tests.payments.world import APPROVED, DECIDED_LATER, DECLINED, LOST_ANSWER, World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

__all__ = ["agent", "bill"]
pytestmark = pytest.mark.socket


def begun(agent: Agent, *bills: BillFacts, telephone: str = "") -> tuple[str, str]:
    """The page on which the agent follows, and the telephone that is called."""
    telephone = telephone or a_telephone()
    answer = agent.lets_pay(agent.speaks_with(bills[0]), *bills, way="keys", telephone=telephone)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["location"], telephone


def test_a_caller_pays_by_keys_and_the_agent_follows_without_seeing_one(
    world: World, agent: Agent, bill: BillFacts, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    second = a_bill(of=bill)
    page, telephone = begun(agent, bill, second)
    assert "asked to take the call over" in agent.open(page)
    work()
    assert "Waiting for the keys" in agent.open(page)
    world.press_keys(telephone)
    work(30)
    assert the_attempt().status == "paid"
    assert "The bills are paid" in agent.open(page)
    payment = Payment.objects.get()
    assert (payment.amount, payment.applied) == (104_000, 104_000)
    assert balances() == {"clearing": 104_000, "revenue": -104_000}
    assert {one.facts["channel"]["en"] for one in Document.objects.all()} == {"Telephone (ARS)"}
    logs = caplog.text + "".join(capfd.readouterr())
    for text in (agent.seen, logs):
        assert APPROVED not in text
        assert APPROVED[-8:] not in text
        assert telephone not in text
    assert PhoneCall.objects.get().sealed_telephone is None
    call_command("ledger_check")


def test_the_gateway_tells_when_the_payer_agreed_and_nobody_waits_for_the_next_question(
    world: World, agent: Agent, bill: BillFacts
) -> None:
    _, telephone = begun(agent, bill)
    work()
    world.press_keys(telephone)
    heard = world.heard(the_attempt().reference)
    assert heard.data["status"] == "IN_PROGRESS"
    arrive(heard.raw, headers=heard.headers)
    work()
    assert the_attempt().status == "paid"
    assert InboxMessage.objects.get().verdict == "processed"


@pytest.mark.parametrize("card", [LOST_ANSWER, DECIDED_LATER])
def test_a_lost_answer_says_do_not_pay_again_and_is_found_out(
    world: World, agent: Agent, bill: BillFacts, card: str
) -> None:
    page, telephone = begun(agent, bill)
    work()
    world.press_keys(telephone, card)
    world.heard(the_attempt().reference)
    work(30)
    assert the_attempt().status == "confirming"
    assert "do not pay again" in agent.open(page)
    world.heard(the_attempt().reference)
    work(90)
    assert the_attempt().status == "paid"
    assert Payment.objects.get().amount == bill.amount


@pytest.mark.parametrize("way", ["declined", "refuses", "hangs up"])
def test_a_caller_who_does_not_agree_or_is_declined_pays_nothing_and_may_try_again(
    world: World, agent: Agent, bill: BillFacts, way: str
) -> None:
    page, telephone = begun(agent, bill)
    work()
    if way == "hangs up":
        world.hang_up(telephone)
    else:
        world.press_keys(
            telephone, DECLINED if way == "declined" else APPROVED, consent="2" if way == "refuses" else "1"
        )
    work(30)
    assert the_attempt().status == "declined"
    assert "Nothing was charged" in agent.open(page)
    assert not Payment.objects.exists()
    begun(agent, bill)
    assert Attempt.objects.count() == 2


def test_the_telephone_rings_once_though_the_first_answer_is_lost(world: World, agent: Agent, bill: BillFacts) -> None:
    page, telephone = begun(agent, bill)
    world.fault(fault="lost_answer", endpoint="phone-entries", orderId=the_attempt().reference)
    work()
    assert the_attempt().status == "created"
    assert "asked to take the call over" in agent.open(page)
    work(60)
    assert the_attempt().status == "waiting"
    world.press_keys(telephone)
    work(120)
    assert Payment.objects.count() == 1


def test_later_nobody_is_called_any_more(world: World, agent: Agent, bill: BillFacts) -> None:
    _, telephone = begun(agent, bill)
    world.fault(fault="http_500", endpoint="phone-entries", orderId=the_attempt().reference, times=1)
    work()
    for minutes in (11, 31, 61):
        services.sweep(at=clock.now() + timedelta(minutes=minutes))
    assert the_attempt().status == "expired"
    assert world.acquirer.http.post("/phone", data={"telephone": telephone, "lang": "en"}).status_code == 422


def test_a_gateway_that_cannot_be_reached_ends_it_at_once(world: World, agent: Agent, bill: BillFacts) -> None:
    page, _ = begun(agent, bill)
    registry.close_connections()
    with override_settings(GATEWAYS={"sandbox_acquirer": {**world.options, "url": "http://127.0.0.1:9"}}):
        work()
        registry.close_connections()
    assert (the_attempt().status, the_attempt().failure) == ("declined", "UNREACHABLE")
    assert "Nobody was called and nothing was charged" in agent.open(page)


def test_what_the_agent_gives_up_is_never_taken(world: World, agent: Agent, bill: BillFacts) -> None:
    page, telephone = begun(agent, bill)
    work()
    agent.press(page + "stop/")
    world.press_keys(telephone)
    work(30)
    assert the_attempt().status == "cancelled"
    assert "Given up" in agent.open(page)
    assert not Payment.objects.exists()


def test_a_worker_that_dies_before_it_confirms_says_it_again(
    world: World, agent: Agent, bill: BillFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    _, telephone = begun(agent, bill)
    work()
    world.press_keys(telephone)
    gateway = registry.gateway("sandbox_acquirer")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(gateway, "confirm", die)
        work(30)
    assert the_attempt().status == "confirming"
    for seconds in (60, 120, 240, 480):
        work(seconds)
    assert the_attempt().status == "paid"
    assert Payment.objects.count() == 1


def test_the_same_form_calls_once_and_a_second_payment_by_keys_waits_for_the_first(
    world: World, agent: Agent, bill: BillFacts, as_role: AsRole
) -> None:
    call, telephone = agent.speaks_with(bill), a_telephone()
    first, again = (agent.lets_pay(call, bill, way="keys", telephone=telephone, key="0" * 32) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    second = agent.lets_pay(call, bill, way="keys", telephone=telephone)
    assert second.status_code == 422
    assert "Somebody else is paying this bill" in second.content.decode()
    other = an_agent(as_role, "colleague@example.kr")
    assert other.client.get(first.headers["location"]).status_code == 404
    assert other.client.post(first.headers["location"] + "stop/").status_code == 302
    assert the_attempt().status == "created"


def test_an_amount_that_changed_meanwhile_is_refused(world: World, agent: Agent, bill: BillFacts) -> None:
    call = agent.speaks_with(bill)
    answer = agent.lets_pay(call, bill, way="keys", telephone=a_telephone(), shown_amount="1000")
    assert answer.status_code == 422
    assert "has changed" in answer.content.decode()


def test_a_payer_at_the_site_is_offered_no_keys(
    world: World, bill: BillFacts, public_client: FaceClient, deliver_events: Callable[[], int]
) -> None:
    public_client.post("/bills/find/", {"epay_number": bill.epay_number, "name": bill.payer, "birth_date": ""})
    page = public_client.get(f"/pay/{bill.id}/").content.decode()
    assert 'value="card"' in page
    assert 'value="ars"' not in page


def test_it_is_given_back_like_any_card_payment(world: World, agent: Agent, bill: BillFacts) -> None:
    _, telephone = begun(agent, bill)
    work()
    world.press_keys(telephone)
    work(30)
    (found,) = office.find_attempts(text=the_attempt().reference)
    assert found.channel
    assert found.payments[0].by_card


def test_the_offices_login_begins_no_payment_of_another_sum(
    world: World, agent: Agent, bill: BillFacts, as_role: AsRole
) -> None:
    from core.db.session import session_secret

    call = agent.speaks_with(bill)
    facts = '{"reference": "PAY-X", "gateway": "sandbox_acquirer", "amount": 1, "language": "ko", "form_key": "k"}'
    items = f'[{{"bill_id": {bill.id}, "amount": 52000}}]'
    secret = agent.client.cookies["office_session"].value
    with as_role("office"), session_secret(secret), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_begin_by_keys(%s, %s, %s, '01099960012', '\\x00', '\\x00', now())", [call, facts, items]
        )
        assert cursor.fetchone() == (None,)
