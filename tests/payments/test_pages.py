"""The pages of whoever pays, by the public face's own login, with and without an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.db import connection, transaction
from django.test import override_settings

from accounts.access import Role
from accounts.models import Taxpayer
from core.db.session import session_secret
from payments.models import Attempt, GatewayChannel, InboxMessage
from payments.services import link_secret
from tests.billing.people import citizen_client, officer_session
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, sweep_later
from tests.payments.messages import movement_told
from tests.payments.signing import signed_headers
from tests.payments.world import World, path_of
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def payer(public_client: FaceClient, as_role: AsRole, bill: BillFacts) -> FaceClient:
    """A visitor who has found the bill: the browser's session may see it."""
    visitor = a_visitor(as_role)
    with as_role("public"), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_save_session(%s, '', '', '')", [visitor.secret])
    visitor.finds(bill)
    public_client.cookies[public_client.settings.get("SESSION_COOKIE_NAME", "sessionid")] = visitor.secret
    return public_client


def form_of(payer: FaceClient, bill: BillFacts) -> dict[str, str]:
    page = payer.get(f"/pay/{bill.id}/").content.decode()
    hidden = dict(re.findall(r'name="(shown_amount|form_key)" value="([^"]+)"', page))
    assert set(hidden) == {"shown_amount", "form_key"}
    return {**{str(name): str(value) for name, value in hidden.items()}, "who": "self"}


def test_the_page_says_what_and_how_much_before_anything_is_paid(
    world: World, payer: FaceClient, bill: BillFacts
) -> None:
    answer = payer.get(f"/pay/{bill.id}/", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "52,000" in text
    assert bill.epay_number in text
    assert "Automobile tax" in text


def test_a_visitor_pays_by_card_and_is_led_to_the_receipt(
    world: World, payer: FaceClient, bill: BillFacts, deliver_events: Callable[[], int]
) -> None:
    answer = payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card"})
    assert answer.status_code == 303
    back = world.agree(answer.headers["Location"])
    returned = payer.get(path_of(back))
    assert returned.status_code == 302
    page = payer.get(returned.headers["Location"], headers={"Accept-Language": "en"})
    assert "Do not pay again" in page.content.decode()
    deliver_events()
    sweep_later()
    paid = payer.get(returned.headers["Location"], headers={"Accept-Language": "ko"}).content.decode()
    assert "납부 완료" in paid
    assert Attempt.objects.get().reference in paid
    secret = link_secret(Attempt.objects.get().reference)
    assert f"/receipts/link/{secret}" in paid
    assert payer.get(f"/receipts/link/{secret}").status_code == 200
    assert "납부가 끝난" in payer.get(f"/pay/{bill.id}/").content.decode()


def test_a_lost_answer_never_says_failed(world: World, payer: FaceClient, bill: BillFacts) -> None:
    world.fault(fault="http_500", endpoint="checkouts", times=2)
    answer = payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card"})
    page = payer.get(answer.headers["Location"], headers={"Accept-Language": "en"}).content.decode()
    assert "Do not pay again" in page
    assert Attempt.objects.get().reference in page
    assert "fail" not in page.lower()


def test_a_payer_who_gives_up_at_the_gateway_can_pay_again(world: World, payer: FaceClient, bill: BillFacts) -> None:
    answer = payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card"})
    back = world.refuse(answer.headers["Location"])
    ended = payer.get(path_of(back), follow=True)
    assert ended.status_code == 200
    sweep_later()
    assert Attempt.objects.get().status == "waiting"


def test_a_virtual_account_shows_bank_number_amount_and_last_day(
    world: World, payer: FaceClient, bill: BillFacts
) -> None:
    answer = payer.post(
        f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "virtual_account", "bank": "20"}, follow=True
    )
    text = answer.content.decode()
    attempt = Attempt.objects.get()
    assert attempt.virtual_account.number in text
    assert "우리은행" in text
    assert "52,000" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "cash"},
        {"channel": "virtual_account"},
        {"channel": "virtual_account", "bank": "99"},
        {"channel": "card", "form_key": "<script>"},
        {"channel": "card", "who": ""},
        {"channel": "card", "who": "another", "payer": "", "told": "on"},
        {"channel": "card", "who": "another", "payer": "성춘향"},
        {"channel": "card", "way": "split"},
        {"channel": "card", "way": "whole", "amount": "5"},
        {"channel": "card", "way": "part", "amount": "5"},
        {"channel": "card", "way": "split:5"},
        {"channel": "card", "shown_amount": "-5"},
        {"channel": "card", "shown_amount": "9" * 40},
        {},
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again(
    world: World, payer: FaceClient, bill: BillFacts, changes: dict[str, str]
) -> None:
    answer = payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), **changes})
    assert answer.status_code == 422
    assert not Attempt.objects.exists()


def test_another_sum_than_is_owed_charges_nothing_and_shows_the_right_one(
    world: World, payer: FaceClient, bill: BillFacts
) -> None:
    answer = payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card", "shown_amount": "1"})
    assert answer.status_code == 409
    assert "52,000" in answer.content.decode()
    assert not Attempt.objects.exists()


def test_a_stranger_finds_neither_the_bill_nor_the_payment(
    world: World, payer: FaceClient, bill: BillFacts, as_role: AsRole
) -> None:
    payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card"})
    stranger = FaceClient("public", as_role)
    assert stranger.get(f"/pay/{bill.id}/").status_code == 404
    assert stranger.get("/payments/guess/").status_code == 404
    secret = link_secret(Attempt.objects.get().reference)
    assert stranger.get(f"/payments/{secret}/").status_code == 200


def test_a_payment_can_be_given_up_and_begun_again(world: World, payer: FaceClient, bill: BillFacts) -> None:
    payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card"})
    secret = link_secret(Attempt.objects.get().reference)
    assert payer.post(f"/payments/{secret}/give-up").headers["Location"] == f"/pay/{bill.id}/"
    assert payer.post(f"/payments/{secret}/give-up").status_code == 409
    assert payer.post(f"/pay/{bill.id}/", {**form_of(payer, bill), "channel": "card"}).status_code == 303


def test_a_channel_that_an_administrator_closed_is_not_offered(
    world: World, payer: FaceClient, bill: BillFacts, as_role: AsRole
) -> None:
    secret = officer_session(as_role, "elder-of-all@example.kr", Role.ADMINISTRATOR)
    with as_role("office"), session_secret(secret), transaction.atomic():
        GatewayChannel.objects.create(channel="card", gateway="sandbox_acquirer", enabled=False)
    form = form_of(payer, bill)
    assert payer.post(f"/pay/{bill.id}/", {**form, "channel": "card"}).status_code == 422
    taken = payer.post(f"/pay/{bill.id}/", {**form, "channel": "virtual_account", "bank": "88"})
    assert taken.status_code == 303


class TestIntake:
    def post(self, client: FaceClient, body: bytes, **headers: str) -> int:
        answer = client.post(
            "/callbacks/sandbox_acquirer",
            data=body,
            content_type="application/json",
            headers=signed_headers(body) | headers,
        )
        return int(answer.status_code)

    def test_a_signed_message_is_taken(self, world: World, intake_client: FaceClient) -> None:
        assert self.post(intake_client, movement_told("PAY-NOBODYS", 1_000)) == 200

    def test_a_message_without_proof_is_answered_401(self, world: World, intake_client: FaceClient) -> None:
        assert self.post(intake_client, b"{}", **{"webhook-signature": "v1,AAAA"}) == 401

    def test_a_body_of_more_than_64_kb_is_answered_413(self, world: World, intake_client: FaceClient) -> None:
        assert self.post(intake_client, b"x" * 70_000) == 413

    def test_a_body_in_pieces_is_answered_411_and_not_kept(self, db: None, serve_face: Callable[[str], str]) -> None:
        """Ten megabytes whose length is not said: none of it is read."""
        pieces = (b"x" * 100_000 for _ in range(100))
        answer = httpx.post(f"{serve_face('intake')}/callbacks/sandbox_acquirer", content=pieces, timeout=20)
        assert answer.status_code == 411
        assert not InboxMessage.objects.exists()

    def test_an_unknown_gateway_is_answered_404(self, world: World, intake_client: FaceClient) -> None:
        assert intake_client.post("/callbacks/nobody", data=b"{}", content_type="application/json").status_code == 404

    def test_only_posts_are_taken(self, world: World, intake_client: FaceClient) -> None:
        assert intake_client.get("/callbacks/sandbox_acquirer").status_code == 405

    def test_without_a_secret_nothing_is_believed(self, world: World, intake_client: FaceClient) -> None:
        options = {**world.options, "webhook_secret": ""}
        with override_settings(GATEWAYS={"sandbox_acquirer": options}):
            assert self.post(intake_client, b"{}") == 401


def test_several_bills_are_chosen_shown_with_their_sum_and_paid_together(
    world: World, payer: FaceClient, bill: BillFacts, as_role: AsRole
) -> None:
    other = a_bill(body="11140")
    Visitor(as_role, payer.cookies["sessionid"].value).finds(other)
    alone = payer.get(f"/pay/{bill.id}/", headers={"Accept-Language": "en"}).content.decode()
    assert f'value="{other.id}"' in alone
    address = f"/pay/?bill={bill.id}&bill={other.id}"
    page = payer.get(address, headers={"Accept-Language": "en"}).content.decode()
    assert "104,000" in page
    assert "Pay 2 bills together" in page
    facts = {**hidden_in(page), "channel": "card", "who": "another", "payer": "성춘향", "told": "on"}
    back = world.agree(payer.post(address, facts).headers["Location"])
    payer.get(path_of(back))
    sweep_later(after=timedelta(seconds=30))
    secret = link_secret(Attempt.objects.get().reference)
    paid = payer.get(f"/payments/{secret}/", headers={"Accept-Language": "en"}).content.decode()
    links = re.findall(rf"/payments/{secret}/receipts/[0-9A-Z-]+", paid)
    assert len(links) == 2
    assert "성춘향" in paid
    assert [payer.get(link).status_code for link in links] == [200, 200]
    assert payer.get(links[0] + "X").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "bill=x", "bill=-1", "bill=" + "9" * 30, "&".join(f"bill={n}" for n in range(60))]
)
def test_bills_that_make_no_sense_are_asked_for_again(world: World, payer: FaceClient, query: str) -> None:
    assert payer.get(f"/pay/?{query}").status_code == 422


def test_bills_of_others_are_not_found_in_a_basket(world: World, payer: FaceClient, bill: BillFacts) -> None:
    assert payer.get(f"/pay/?bill={bill.id}&bill={a_bill().id}").status_code == 404


def test_the_rest_of_a_payment_in_two_ways_is_paid_from_its_page(
    world: World, payer: FaceClient, bill: BillFacts, as_role: AsRole
) -> None:
    split = {**form_of(payer, bill), "channel": "virtual_account", "bank": "20", "way": "split", "amount": "20000"}
    page = payer.post(f"/pay/{bill.id}/", split, follow=True, headers={"Accept-Language": "en"}).content.decode()
    assert "32,000" in page
    secret = link_secret(Attempt.objects.get().reference)
    rest = payer.get(f"/pay/rest/{secret}/", headers={"Accept-Language": "en"}).content.decode()
    assert "32,000" in rest
    answer = payer.post(f"/pay/rest/{secret}/", {**hidden_in(rest), "channel": "card"})
    assert answer.status_code == 303
    assert sorted(Attempt.objects.values_list("amount", "channel")) == [(20_000, "virtual_account"), (32_000, "card")]
    stranger = FaceClient("public", as_role)
    assert stranger.get(f"/pay/rest/{secret}/").status_code == 302


def test_a_citizen_pays_an_own_bill_without_being_asked_whose_it_is(
    world: World, as_role: AsRole, bill: BillFacts
) -> None:
    citizen = citizen_client(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    assert f'id="pay-{bill.id}"' in citizen.get("/bills/").content.decode()
    page = citizen.get(f"/pay/{bill.id}/").content.decode()
    assert 'name="who"' not in page
    assert citizen.post(f"/pay/{bill.id}/", {**hidden_in(page), "channel": "card"}).status_code == 303


def hidden_in(page: str) -> dict[str, str]:
    return {
        str(name): str(value) for name, value in re.findall(r'name="(shown_amount|form_key)" value="([^"]+)"', page)
    }
