"""A link to pay that two browsers press at once, that is over while its payer is at the gateway, or guessed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from core.db.session import session_secret
from payments import services
from payments.models import Attempt, PayLink, Payment
from payments.services.send_link import pay_link_secret
from tests.payments.cast import BillFacts, a_bill, sweep_later
from tests.payments.desk import EN, Agent, Telephones, agent, bill, messages_outside, telephones
from tests.payments.racing import at_once
from tests.payments.test_pay_links import make_older, sent, text_of
from tests.payments.world import World, path_of
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient

__all__ = ["agent", "bill", "messages_outside", "telephones"]
pytestmark = pytest.mark.socket


def starts_card(client: FaceClient, address: str, amount: int) -> Any:
    page = text_of(client.get(address, headers=EN))
    key = re.search(r'name="form_key" value="([0-9a-f]+)"', page)
    assert key
    form = {"shown_amount": str(amount), "form_key": key[1], "channel": "card", "way": "whole", "who": "self"}
    return client.post(address, form, headers=EN)


def test_two_browsers_that_press_at_once_open_it_in_one(
    agent: Agent, telephones: Telephones, bill: BillFacts, database_name: str
) -> None:
    path = sent(agent, telephones, bill)
    secret = path.strip("/").rpartition("/")[2]

    def opens(session: str) -> Callable[[AsRole], tuple[int, ...]]:
        def call(sign_in: AsRole) -> tuple[int, ...]:
            with sign_in("public"), session_secret(session):
                return tuple(services.open_link(secret=secret))

        return call

    found = at_once(database_name, [opens(secrets.token_urlsafe(32)) for _ in range(4)])
    assert sorted(found) == [(), (), (), (bill.id,)]
    assert PayLink.objects.get().opened_at is not None


def test_a_link_that_is_over_while_its_payer_is_at_the_gateway_is_paid_all_the_same(
    world: World, agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    path = sent(agent, telephones, bill)
    address = public_client.post(path, headers=EN)["Location"]
    started = starts_card(public_client, address, 52_000)
    make_older("expires_at = now() - interval '1 second'")
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("UPDATE billing_sessionbill SET expires_at = now() - interval '1 second'")
    assert public_client.get(address).status_code == 404
    back = public_client.get(path_of(world.agree(started["Location"])))
    assert back.status_code == 302
    sweep_later(after=timedelta(seconds=30))
    assert Payment.objects.get().applied == 52_000
    assert "Payment complete" in text_of(public_client.get(back["Location"], headers=EN))


def test_a_form_that_is_sent_after_the_link_was_over_begins_nothing(
    world: World, agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    path = sent(agent, telephones, bill)
    address = public_client.post(path, headers=EN)["Location"]
    form = {"shown_amount": "52000", "form_key": "0" * 32, "channel": "card", "way": "whole", "who": "self"}
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("UPDATE billing_sessionbill SET expires_at = now() - interval '1 second'")
    assert public_client.post(address, form, headers=EN).status_code == 404
    assert not Attempt.objects.exists()


def test_who_opens_it_again_after_paying_is_told_that_nothing_is_owed(
    world: World, agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient
) -> None:
    path = sent(agent, telephones, bill)
    address = public_client.post(path, headers=EN)["Location"]
    started = starts_card(public_client, address, 52_000)
    public_client.get(path_of(world.agree(started["Location"])))
    sweep_later(after=timedelta(seconds=30))
    assert public_client.post(path, headers=EN)["Location"] == address
    page = public_client.get(address, headers=EN)
    assert page.status_code == 200
    assert "Nothing" in text_of(page)
    assert Payment.objects.count() == 1


def test_a_payment_of_one_browser_is_not_anothers_who_was_forwarded_the_link(
    agent: Agent, telephones: Telephones, bill: BillFacts, public_client: FaceClient, as_role: AsRole
) -> None:
    path = sent(agent, telephones, bill)
    public_client.post(path, headers=EN)
    other = FaceClient("public", as_role)
    for answer in (other.get(path, headers=EN), other.post(path, headers=EN)):
        assert answer.status_code == 410
        page = text_of(answer)
        assert bill.payer not in page
        assert "52,000" not in page


@pytest.mark.parametrize("change", [lambda one: one[:-1], lambda one: one + "A", str.swapcase, lambda one: one[::-1]])
def test_a_secret_that_is_nearly_right_opens_nothing(
    agent: Agent, telephones: Telephones, public_client: FaceClient, change: Callable[[str], str]
) -> None:
    bill = a_bill()
    sent(agent, telephones, bill)
    guessed = change(pay_link_secret(PayLink.objects.get().reference))
    for way in (public_client.get, public_client.post):
        assert way(f"/l/{guessed}/").status_code == 404
    assert PayLink.objects.get().opened_at is None
