"""One-time codes and backup codes."""

from __future__ import annotations

import re
from datetime import timedelta

from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Account, Session
from core import clock
from tests.accounts.people import PASSWORD, administrators, citizen, code_of, officer, sign_in
from tests.support.faces import FaceClient


def enrol(client: FaceClient) -> list[str]:
    """Set a generator up; returns the backup codes that were shown."""
    client.get("/account/code-generator/")
    device = TOTPDevice.objects.get()
    page = client.post("/account/code-generator/", {"code": code_of(device.key)}).content.decode()
    TOTPDevice.objects.update(last_t=-1)
    return re.findall("[0-9A-Z]{5}-[0-9A-Z]{5}", page)


def test_a_citizen_turns_codes_on_and_off(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    sign_in(public_client, member)
    assert len(enrol(public_client)) == 10
    public_client.post("/sign-out/")
    answer = public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/"
    assert public_client.get("/account/").status_code == 302
    public_client.post("/sign-in/code/", {"code": code_of(TOTPDevice.objects.get().key)})
    assert public_client.get("/account/").status_code == 200
    assert public_client.post("/account/code-generator/off/", {"present": "wrong wrong"}).status_code == 422
    assert public_client.post("/account/code-generator/off/", {"present": PASSWORD}).status_code == 302
    assert TOTPDevice.objects.count() == 0


def test_a_backup_code_works_once_and_lies_as_a_hash(public_client: FaceClient) -> None:
    member = citizen("park@example.com")
    sign_in(public_client, member)
    codes = enrol(public_client)
    assert codes[0].replace("-", "") not in set(StaticToken.objects.values_list("token", flat=True))
    for expected in (302, 422):
        public_client.post("/sign-out/")
        public_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
        assert public_client.post("/sign-in/code/", {"code": codes[0].lower()}).status_code == expected
    assert StaticToken.objects.count() == 9


def test_a_code_is_good_once(office_client: FaceClient) -> None:
    member = officer("kim@example.com")
    sign_in(office_client, member)
    office_client.post("/sign-out/")
    office_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert office_client.post("/sign-in/code/", {"code": code_of()}).status_code == 422


def test_guessing_codes_is_slowed_down(office_client: FaceClient) -> None:
    member = officer("kim@example.com")
    office_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    office_client.post("/sign-in/code/", {"code": "000000"})
    assert office_client.post("/sign-in/code/", {"code": code_of()}).status_code == 422
    assert TOTPDevice.objects.get().throttling_failure_count == 1


def test_a_password_alone_does_not_replace_a_generator(office_client: FaceClient) -> None:
    member = officer("kim@example.com")
    office_client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert office_client.get("/account/code-generator/")["Location"] == "/sign-in/code/"
    assert office_client.post("/account/backup-codes/").status_code == 302
    assert office_client.get("/account/code-generator/image/").status_code == 404


def test_a_code_is_asked_for_again_before_a_dangerous_act(office_client: FaceClient) -> None:
    first, _ = administrators()
    sign_in(office_client, first)
    assert office_client.get("/officers/new/").status_code == 200
    Session.objects.update(code_at=clock.now() - timedelta(minutes=11))
    assert office_client.get("/officers/new/")["Location"].startswith("/sign-in/code/?next=")
    assert office_client.get("/officers/").status_code == 200


def test_a_form_that_was_sent_is_done_with_the_code_and_typed_once(office_client: FaceClient) -> None:
    first, _ = administrators()
    sign_in(office_client, first)
    Session.objects.update(code_at=clock.now() - timedelta(minutes=11))
    form = {"name": 'Lee "> Dam', "email": "lee@example.com", "body": "11110"}
    asked = office_client.post("/officers/new/", form)
    assert asked.status_code == 403
    assert 'name="name" value="Lee &quot;&gt; Dam"' in asked.content.decode()
    assert not Account.objects.filter(email="lee@example.com").exists()
    wrong = office_client.post("/officers/new/", form | {"one_time_code": "nonsense"})
    assert wrong.status_code == 422
    assert 'value="lee@example.com"' in wrong.content.decode()
    assert not Account.objects.filter(email="lee@example.com").exists()
    TOTPDevice.objects.update(last_t=-1, throttling_failure_timestamp=None, throttling_failure_count=0)
    assert office_client.post("/officers/new/", form | {"one_time_code": code_of()}).status_code == 302
    assert Account.objects.filter(email="lee@example.com").exists()
    assert office_client.get("/officers/new/").status_code == 200


def test_an_administrator_helps_an_officer_who_lost_the_telephone(office_client: FaceClient) -> None:
    first, _ = administrators()
    kim = officer("kim@example.com")
    sign_in(office_client, first)
    assert office_client.post(f"/officers/{kim.account}/code-generator/", {"reason": "lost"}).status_code == 302
    assert not TOTPDevice.objects.filter(user_id=kim.account).exists()
    assert office_client.post(f"/officers/{first.account}/code-generator/", {"reason": "me"}).status_code == 409
