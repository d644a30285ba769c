"""New accounts and forgotten passwords, by a link in a mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from accounts import tasks
from accounts.models import Account, MailRequest, Session
from core import clock
from core.models import Event
from tests.accounts.people import PASSWORD, Member, citizen, officer, sign_in
from tests.support.faces import FaceClient

FRESH = "another five words of ours"


@pytest.fixture
def mailed(deliver_events: Callable[[], int]) -> Callable[[], str]:
    def link() -> str:
        deliver_events()
        tasks.send_links()
        found = re.search(r"/sign-in/password/\S+", str(mail.outbox[-1].body))
        assert found
        return found.group()

    return link


def test_somebody_opens_an_account_with_a_verified_address(
    public_client: FaceClient, mailed: Callable[[], str]
) -> None:
    assert public_client.post("/sign-up/", {"email": "New@Example.com"}).status_code == 200
    link = mailed()
    assert mail.outbox[-1].to == ["new@example.com"]
    assert public_client.get(link).status_code == 200
    weak = public_client.post(link, {"password": "password1234", "again": "password1234"})
    assert weak.status_code == 422
    done = public_client.post(link, {"password": FRESH, "again": FRESH})
    assert done["Location"] == "/sign-in/"
    account = Account.objects.get(email="new@example.com")
    assert (account.kind, account.assurance) == ("citizen", 1)
    assert public_client.post("/sign-in/", {"email": "new@example.com", "password": FRESH}).status_code == 302
    assert public_client.get(link).status_code == 410


def test_a_forgotten_password_is_replaced_and_every_session_ends(
    public_client: FaceClient, mailed: Callable[[], str]
) -> None:
    member = citizen("park@example.com")
    sign_in(public_client, member)
    public_client.post("/sign-in/forgotten/", {"email": member.email})
    public_client.post(mailed(), {"password": FRESH, "again": FRESH})
    assert Session.objects.filter(account_id=member.account).count() == 0
    assert public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD}).status_code == 422
    assert public_client.post("/sign-in/", {"email": member.email, "password": FRESH}).status_code == 302


def test_the_answer_does_not_tell_whether_an_address_is_known(public_client: FaceClient) -> None:
    citizen("park@example.com")
    known = public_client.post("/sign-in/forgotten/", {"email": "park@example.com"}).content.decode()
    unknown = public_client.post("/sign-in/forgotten/", {"email": "none@example.com"}).content.decode()
    strip = re.compile(r'(park|none)@example\.com|name="csrfmiddlewaretoken" value="\S+"|to=\S+')
    assert strip.sub("", known) == strip.sub("", unknown)


def test_neither_the_event_nor_the_table_holds_the_token(public_client: FaceClient, mailed: Callable[[], str]) -> None:
    public_client.post("/sign-up/", {"email": "new@example.com"})
    token = mailed().rstrip("/").rpartition("/")[2]
    request = MailRequest.objects.get()
    assert token not in f"{request.token_hash} {[event.payload for event in Event.objects.all()]}"


def test_a_mailbox_is_not_flooded(public_client: FaceClient) -> None:
    for _ in range(5):
        public_client.post("/sign-up/", {"email": "new@example.com"})
    assert MailRequest.objects.count() == 3


def test_a_link_is_over_after_an_hour(public_client: FaceClient, mailed: Callable[[], str]) -> None:
    public_client.post("/sign-up/", {"email": "new@example.com"})
    link = mailed()
    MailRequest.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert public_client.get(link).status_code == 410
    assert public_client.post(link, {"password": FRESH, "again": FRESH}).status_code == 410


def test_an_officers_link_works_at_the_office_and_a_strangers_address_gets_none_there(
    office_client: FaceClient, public_client: FaceClient, mailed: Callable[[], str]
) -> None:
    member: Member = officer("kim@example.com")
    office_client.post("/sign-in/forgotten/", {"email": member.email})
    link = mailed()
    assert public_client.get(link).status_code == 410
    assert office_client.get(link).status_code == 200
    sent = len(mail.outbox)
    office_client.post("/sign-in/forgotten/", {"email": "nobody@example.com"})
    public_client.post("/sign-in/forgotten/", {"email": member.email})
    tasks.send_links()
    assert len(mail.outbox) == sent


def test_a_password_is_changed_with_the_present_one(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    sign_in(public_client, member)
    form = {"present": "not it at all", "password": FRESH, "again": FRESH}
    assert public_client.post("/account/password/", form).status_code == 422
    assert public_client.post("/account/password/", {**form, "present": PASSWORD}).status_code == 302
    assert public_client.get("/account/").status_code == 200
    assert public_client.post("/sign-in/", {"email": member.email, "password": FRESH}).status_code == 302
