"""A link to pay, sent by text message: exactly these bills, once, in one browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from billing.selectors import my_bills
from core import clock
from core.db.session import session_secret
from payments import services
from payments.models import Attempt, PayLink, Payment
from payments.services.send_link import pay_link_secret
from tests.payments.cast import BillFacts, a_bill, sweep_later
from tests.payments.desk import (
    EN,
    Agent,
    Telephones,
    a_telephone,
    agent,
    an_agent,
    bill,
    messages_outside,
    telephones,
    work,
)
from tests.payments.world import APPROVED, World
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient

__all__ = ["agent", "bill", "messages_outside", "telephones"]
pytestmark = pytest.mark.socket


def sent(agent: Agent, telephones: Telephones, *bills: BillFacts) -> str:
    """The path of a link that an agent had sent, as it stands in the message."""
    telephone = a_telephone()
    call = agent.speaks_with(bills[0])
    assert agent.lets_pay(call, *bills, way="link", telephone=telephone).status_code == 302
    work()
    return telephones.link_on(telephone)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def make_older(changed: str) -> None:
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute(f"UPDATE payments_paylink SET {changed}")


def test_a_caller_pays_by_card_from_the_link_on_the_telephone(
    world: World, agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    second = a_bill(of=bill)
    path = sent(agent, telephones, bill, second)
    looked = text_of(public_client.get(path, headers=EN))
    assert "2 bills" in looked
    assert bill.payer not in looked
    opened = public_client.post(path, headers=EN)
    address = opened.headers["location"]
    page = text_of(public_client.get(address, headers=EN))
    assert "104,000" in page
    assert bill.payer not in page
    form_key = re.search(r'name="form_key" value="([0-9a-f]+)"', page)
    assert form_key
    form = {"shown_amount": "104000", "form_key": form_key[1], "channel": "card", "way": "whole", "who": "self"}
    started = public_client.post(address, form, headers=EN)
    assert started.status_code == 303, text_of(started)
    world.agree(started.headers["location"], APPROVED)
    attempt = Attempt.objects.get()
    services.return_from_card(secret=_payers_secret(started, attempt), at=clock.now())
    sweep_later(after=timedelta(seconds=30))
    assert Payment.objects.get().applied == 104_000
    assert "Opened" in agent.open(f"/calls/{PayLink.objects.get().call_id}/")
    assert APPROVED not in agent.seen


def _payers_secret(started: Any, attempt: Attempt) -> str:
    return services.link_secret(attempt.reference)


def test_a_message_says_little_and_never_the_name_the_tax_or_the_amount(
    agent: Agent, telephones: Telephones, bill: BillFacts
) -> None:
    telephone = a_telephone()
    agent.lets_pay(agent.speaks_with(bill), bill, way="link", telephone=telephone)
    work()
    text = telephones.text_on(telephone)
    assert not any(word in text for word in (bill.payer, bill.epay_number, "52,000", "52000", "자동차"))


def test_a_link_opens_once_and_in_one_browser(
    agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient, as_role: AsRole
) -> None:
    path = sent(agent, telephones, bill)
    for _ in range(3):  # programs look at links before people do
        assert FaceClient("public", as_role).get(path).status_code == 200
    assert public_client.post(path).status_code == 302
    assert public_client.post(path).status_code == 302
    other = FaceClient("public", as_role)
    second = other.post(path, headers=EN)
    assert second.status_code == 410
    assert "opened already" in text_of(second)
    assert other.get(f"/pay/{bill.id}/").status_code == 404


def test_a_link_shows_exactly_its_bills_and_only_to_be_paid(
    world: World, agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    not_in_it, strangers = a_bill(of=bill), a_bill()
    public_client.post(sent(agent, telephones, bill))
    assert public_client.get(f"/pay/{bill.id}/").status_code == 200
    for other in (not_in_it, strangers):
        assert public_client.get(f"/pay/{other.id}/").status_code == 404
    for path in (f"/bills/{bill.id}/", f"/bills/{bill.id}/explain.json"):
        assert public_client.get(path).status_code == 404
    assert public_client.post(f"/bills/{bill.id}/paper/").status_code in {404, 409}


def test_whoever_also_finds_the_bill_by_its_number_sees_it_whole(
    agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient, as_role: AsRole
) -> None:
    def listed() -> list[int]:
        secret = public_client.cookies[settings.SESSION_COOKIE_NAME].value
        with as_role("public"), session_secret(secret), transaction.atomic():
            return [one.id for one in my_bills(at=clock.now())]

    public_client.post(sent(agent, telephones, bill))
    assert listed() == []
    public_client.post("/bills/find/", {"epay_number": bill.epay_number, "name": bill.payer, "birth_date": ""})
    assert listed() == [bill.id]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("expires_at = now() - interval '1 second'", "Its time is over"),
        ("withdrawn_at = now()", "withdrew it"),
    ],
    ids=["expired", "withdrawn"],
)
def test_a_link_that_is_over_opens_nothing(
    agent: Agent, telephones: Telephones, public_client: FaceClient, changed: str, said: str
) -> None:
    bill = a_bill()
    path = sent(agent, telephones, bill)
    make_older(changed)
    for answer in (public_client.get(path, headers=EN), public_client.post(path, headers=EN)):
        assert answer.status_code == 410
        assert said in text_of(answer)
    assert public_client.get(f"/pay/{bill.id}/").status_code == 404


def test_a_bill_that_was_cancelled_since_keeps_no_other_of_its_link_from_being_paid(
    agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    gone = a_bill(of=bill)
    path = sent(agent, telephones, bill, gone)
    cancel(gone)
    assert "It is for 1 bill and" in text_of(public_client.get(path, headers=EN))
    answer = public_client.post(path, headers=EN)
    assert answer["Location"] == f"/pay/{bill.id}/"
    assert public_client.get(answer["Location"]).status_code == 200
    cancel(bill)
    for answer in (public_client.get(path, headers=EN), public_client.post(path, headers=EN)):
        assert answer.status_code == 410
        assert "changed or cancelled since" in text_of(answer)


def cancel(bill: BillFacts) -> None:
    apps.get_model("billing", "Bill").objects.filter(pk=bill.id).update(status="cancelled")


def test_a_link_that_nobody_sent_leads_nowhere(db: None, public_client: FaceClient) -> None:
    for way in (public_client.get, public_client.post):
        assert way("/l/AAAAAAAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_a_withdrawn_link_is_not_sent_and_does_not_open(
    agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    telephone = a_telephone()
    call = agent.speaks_with(bill)
    agent.lets_pay(call, bill, way="link", telephone=telephone)
    link = PayLink.objects.get()
    agent.press(f"/calls/{call}/links/{link.reference}/withdraw/")
    work()
    assert telephones.provider.received(telephone) == []
    link.refresh_from_db()
    assert (link.sealed_telephone, link.ask_at) == (None, None)
    assert public_client.post(f"/l/{pay_link_secret(link.reference)}/").status_code == 410


def test_a_link_withdrawn_while_nobody_knows_whether_it_was_sent_is_asked_about_and_not_sent_again(
    agent: Agent, telephones: Telephones, bill: BillFacts
) -> None:
    telephone = a_telephone()
    call = agent.speaks_with(bill)
    agent.lets_pay(call, bill, way="link", telephone=telephone)
    link = PayLink.objects.get()
    telephones.provider.fault(fault="http_500", mode="close", endpoint="send", orderId=link.reference)
    work()
    agent.press(f"/calls/{call}/links/{link.reference}/withdraw/")
    work(60)
    assert telephones.provider.received(telephone) == []
    link.refresh_from_db()
    assert (link.status, link.sealed_telephone, link.ask_at) == ("failed", None, None)


@pytest.mark.parametrize(("fault", "mode"), [("lost_answer", "close"), ("lost_answer", "error"), ("http_500", "close")])
def test_a_lost_answer_of_the_provider_sends_once_and_is_found_out(
    agent: Agent, telephones: Telephones, bill: BillFacts, fault: str, mode: str
) -> None:
    telephone = a_telephone()
    call = agent.speaks_with(bill)
    agent.lets_pay(call, bill, way="link", telephone=telephone)
    link = PayLink.objects.get()
    telephones.provider.fault(fault=fault, mode=mode, endpoint="send", orderId=link.reference)
    work()
    link.refresh_from_db()
    assert link.status == "asked"
    work(60)
    work(120)
    link.refresh_from_db()
    assert link.status in {"accepted", "delivered"}
    assert len(telephones.provider.received(telephone)) == 1
    work(3000)
    link.refresh_from_db()
    assert (link.status, link.sealed_telephone, link.ask_at) == ("delivered", None, None)
    assert "Delivered" in agent.open(f"/calls/{call}/")


def test_a_telephone_that_does_not_exist_is_told_to_the_agent(
    agent: Agent, telephones: Telephones, bill: BillFacts
) -> None:
    call = agent.speaks_with(bill)
    agent.lets_pay(call, bill, way="link", telephone="01099960404")
    work()
    work(60)
    page = agent.open(f"/calls/{call}/")
    assert "Not delivered" in page
    assert "010-****-0404" in page
    assert "01099960404" not in page


def test_one_telephone_gets_three_messages_in_an_hour(agent: Agent, telephones: Telephones, bill: BillFacts) -> None:
    telephone = a_telephone()
    call = agent.speaks_with(bill)
    answers = [agent.lets_pay(call, bill, way="link", telephone=telephone) for _ in range(4)]
    assert [one.status_code for one in answers] == [302, 302, 302, 422]
    assert "three messages within the hour" in text_of(answers[-1])
    assert PayLink.objects.count() == 3


def test_the_same_form_sends_one_message(agent: Agent, telephones: Telephones, bill: BillFacts) -> None:
    call, telephone = agent.speaks_with(bill), a_telephone()
    for _ in range(2):
        agent.lets_pay(call, bill, way="link", telephone=telephone, key="0" * 32)
    work()
    assert len(telephones.provider.received(telephone)) == 1


def test_events_hurry_what_the_sweep_would_send(
    agent: Agent, telephones: Telephones, bill: BillFacts, deliver_events: Callable[[], int]
) -> None:
    agent.lets_pay(agent.speaks_with(bill), bill, way="link", telephone=a_telephone())
    assert deliver_events() >= 1


def test_no_link_to_bills_of_somebody_whom_the_agent_did_not_check(
    agent: Agent, telephones: Telephones, bill: BillFacts, as_role: AsRole
) -> None:
    strangers = a_bill()
    call = agent.speaks_with(bill)
    assert agent.lets_pay(call, strangers, way="link", telephone=a_telephone()).status_code == 302
    secret = agent.client.cookies["office_session"].value
    with as_role("office"), session_secret(secret), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_ask_for_link(%s, 'k', 'LNK-X', %s::bigint[], '01099960012', '\\x00', 'ko')",
            [call, [bill.id, strangers.id]],
        )
        assert cursor.fetchone() == (None,)
    other = an_agent(as_role, "colleague@example.kr")
    assert other.lets_pay(call, bill, way="link", telephone=a_telephone()).status_code == 404
    assert not PayLink.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM payments_paylink",
        "SELECT * FROM payments_call",
        "SELECT payments_ask_for_link(1, 'k', 'r', ARRAY[1::bigint], '01099960012', '\\x00', 'ko')",
        "SELECT billing_show_to_pay(ARRAY[1::bigint], now())",
        "SELECT payments_begin_by_keys(1, '{}', '[]', '01099960012', '\\x00', '\\x00', now())",
    ],
)
def test_the_public_login_makes_and_reads_no_links(db: None, as_role: AsRole, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), as_role("public"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("telephone", ["", "12", "0212345678", "010-9996-00123", "😀", "+821099960012"])
def test_a_number_that_gets_no_message_is_refused_and_kept(agent: Agent, bill: BillFacts, telephone: str) -> None:
    call = agent.speaks_with(bill)
    answer = agent.lets_pay(call, bill, way="link", telephone=telephone)
    assert answer.status_code == 422
    assert not PayLink.objects.exists()
    assert telephone in text_of(answer)
