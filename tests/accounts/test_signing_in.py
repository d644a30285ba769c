"""Signing in on both faces, as a person would notice it."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Account, Device, Session
from accounts.passwords import encode
from accounts.services.cleaning import forget_the_past
from accounts.services.sign_in import WrongEmailOrPassword
from core import clock
from tests.accounts.people import PARK, PASSWORD, citizen, code_of, officer, sign_in
from tests.support.database import AsRole
from tests.support.faces import FaceClient
from tests.support.hashers import CheapArgon2


class DearerArgon2(CheapArgon2):
    time_cost = 2


def test_a_citizen_signs_in_and_out(public_client: FaceClient) -> None:
    sign_in(public_client, citizen("park@example.com", PARK))
    page = public_client.get("/account/")
    assert page.status_code == 200
    assert "park@example.com" in page.content.decode()
    public_client.post("/sign-out/")
    assert public_client.get("/account/").status_code == 302
    assert Session.objects.count() == 0


@pytest.mark.parametrize("email", ["park@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(public_client: FaceClient, email: str) -> None:
    citizen("park@example.com")
    answer = public_client.post("/sign-in/", {"email": email, "password": "not the one"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [str(WrongEmailOrPassword.message)]


def test_an_officer_needs_password_and_code(office_client: FaceClient) -> None:
    member = officer("kim@example.com")
    answer = office_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/"
    assert office_client.get("/account/")["Location"].startswith("/sign-in/code/")
    assert office_client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    sign_in(office_client, member)
    assert office_client.get("/account/").status_code == 200


def test_an_officer_without_a_generator_sets_one_up_first(office_client: FaceClient) -> None:
    member = officer("kim@example.com", generator=False)
    answer = office_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert answer["Location"] == "/account/code-generator/"
    assert office_client.get("/account/")["Location"].startswith("/sign-in/code/")
    page = office_client.get("/account/code-generator/").content.decode()
    image = office_client.get("/account/code-generator/image/")
    assert image["Content-Type"] == "image/svg+xml"
    assert b"<svg" in image.content
    device = TOTPDevice.objects.get(user_id=member.account)
    assert not device.confirmed
    answer = office_client.post("/account/code-generator/", {"code": code_of(device.key)})
    assert answer.status_code == 200, page
    assert re.search("[0-9A-Z]{5}-[0-9A-Z]{5}", answer.content.decode())
    assert office_client.get("/account/").status_code == 200
    assert office_client.get("/account/code-generator/image/").status_code == 404


def test_officers_do_not_sign_in_at_the_public_site_nor_citizens_at_the_office(
    public_client: FaceClient, office_client: FaceClient
) -> None:
    member = officer("kim@example.com")
    citizen("park@example.com")
    assert public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD}).status_code == 422
    answer = office_client.post("/sign-in/", {"email": "park@example.com", "password": PASSWORD})
    assert answer.status_code == 422


def test_the_secret_changes_at_sign_in_and_the_old_one_opens_nothing(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    public_client.post("/sign-in/identity/")
    before = public_client.cookies["sessionid"].value
    sign_in(public_client, member)
    after = public_client.cookies["sessionid"].value
    assert before != after
    public_client.cookies["sessionid"] = before
    assert public_client.get("/account/").status_code == 302


def test_only_a_hash_of_the_secret_is_kept(public_client: FaceClient) -> None:
    sign_in(public_client, citizen("park@example.com"))
    secret = public_client.cookies["sessionid"].value
    kept = Session.objects.get()
    assert kept.key_hash == hashlib.sha256(secret.encode()).hexdigest()


def test_five_wrong_passwords_lock_out_and_the_right_one_no_longer_helps(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    for _ in range(5):
        answer = public_client.post("/sign-in/", {"email": member.email, "password": "wrong"})
    assert answer.status_code == 429
    answer = public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert Session.objects.filter(account_id=member.account).count() == 0
    kept = AccessAttempt.objects.get()
    assert "park@example.com" not in f"{kept.username} {kept.get_data} {kept.post_data}"


def test_strangers_wrong_passwords_do_not_lock_out_a_browser_that_is_known(as_role: AsRole) -> None:
    member = citizen("park@example.com")
    mine, strange = FaceClient("public", as_role), FaceClient("public", as_role)
    sign_in(mine, member)
    mine.post("/sign-out/")
    with as_role("public"), connection.cursor() as cursor:
        for _ in range(31):
            cursor.execute("SELECT accounts_offer_proof(%s, 'x', '')", [member.email])
    for _ in range(5):
        strange.post("/sign-in/", {"email": member.email, "password": "wrong"})
    form = {"email": member.email, "password": PASSWORD}
    assert strange.post("/sign-in/", form).status_code == 429
    assert mine.post("/sign-in/", form).status_code == 302
    assert strange.post("/sign-in/", form, REMOTE_ADDR="192.0.2.7").status_code == 422


def test_a_known_browser_guesses_no_longer_than_a_strange_one(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    sign_in(public_client, member)
    public_client.post("/sign-out/")
    for _ in range(30):
        assert public_client.post("/sign-in/", {"email": member.email, "password": "wrong"}).status_code == 422
    assert public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD}).status_code == 422
    public_client.cookies.pop("public_device")
    assert public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD}).status_code == 302


def test_ten_browsers_are_known_and_the_oldest_is_forgotten(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    for _ in range(11):
        sign_in(public_client, member)
        public_client.cookies.pop("public_device")
    assert Device.objects.count() == 10
    forget_the_past(at=clock.now() + timedelta(days=400))
    assert Device.objects.count() == 0


@override_settings(PASSWORD_HASHERS=["tests.accounts.test_signing_in.DearerArgon2"])
def test_a_password_is_kept_under_todays_costs_from_the_next_sign_in(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    with override_settings(PASSWORD_HASHERS=["tests.support.hashers.CheapArgon2"]):
        Account.objects.filter(pk=member.account).update(password=encode(PASSWORD))
    for _ in range(2):
        sign_in(public_client, member)
        assert ",t=2," in Account.objects.get(pk=member.account).password


def test_a_lockout_of_days_ago_is_forgotten(public_client: FaceClient) -> None:
    citizen("park@example.com")
    public_client.post("/sign-in/", {"email": "park@example.com", "password": "wrong"})
    forget_the_past(at=clock.now() + timedelta(days=3))
    assert AccessAttempt.objects.count() == 0


def test_somebody_signs_out_everywhere_else(as_role: AsRole) -> None:
    member = citizen("park@example.com")
    here, there = FaceClient("public", as_role), FaceClient("public", as_role)
    sign_in(here, member)
    sign_in(there, member)
    here.post("/account/sign-out-elsewhere/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_a_session_ends_when_nothing_is_done(public_client: FaceClient) -> None:
    sign_in(public_client, citizen("park@example.com"))
    Session.objects.update(expires_at=clock.now())
    assert public_client.get("/account/").status_code == 302


def test_after_signing_in_one_is_where_one_wanted_to_go_but_never_elsewhere(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    first = public_client.get("/account/")["Location"]
    form = {"email": member.email, "password": PASSWORD}
    assert public_client.post(first, form)["Location"] == "/account/"
    elsewhere = public_client.post("/sign-in/?next=//evil.example.com/", form)["Location"]
    assert "evil" not in elsewhere
