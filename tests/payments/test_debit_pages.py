"""Automatic debit on pages: a taxpayer sets it up, follows it and ends it; an officer looks at a day and ends one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Relative, Taxpayer
from core import clock
from core.models import AuditRecord
from payments import services
from payments.models import Mandate
from payments.states import Verdict
from tests.accounts.people import at_a_desk
from tests.billing.people import citizen_client, officer_client
from tests.payments.cast import BillFacts, a_bill
from tests.payments.debits import Giver, a_giver, due_today, evening, learn_now, run, the_debit
from tests.payments.messages import deliver
from tests.payments.world import EMPTY, World, an_account, path_of
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket
PAGE = "/automatic-debit/"


@pytest.fixture
def bill(db: None) -> BillFacts:
    return due_today()


@pytest.fixture
def giver(as_role: AsRole, bill: BillFacts) -> Giver:
    return a_giver(as_role, bill)


@pytest.fixture
def browser(giver: Giver, as_role: AsRole) -> FaceClient:
    client = FaceClient("public", as_role)
    client.cookies[settings.SESSION_COOKIE_NAME] = giver.secret
    return client


def text_of(client: FaceClient, address: str = PAGE, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_taxpayer_sets_it_up_follows_a_debit_and_ends_it(
    world: World, browser: FaceClient, deliver_events: Callable[[], int]
) -> None:
    before = text_of(browser)
    assert "3 working days after the due date at 10:00" in before
    assert "What would be debited" in before
    answer = browser.post(PAGE, {"bank": "20", "told": "on"})
    assert (answer.status_code, answer.headers["Location"].startswith(world.url)) == (303, True)
    assert "You have not agreed at the bank yet" in text_of(browser)
    back = world.agree_to_debits(answer.headers["Location"])
    assert browser.get(path_of(back)).headers["Location"] == PAGE
    assert "We are checking" in text_of(browser)
    deliver_events()
    learn_now()
    active = text_of(browser)
    assert "52,000" in active
    assert "What will be debited" in active
    assert Mandate.objects.get().account in active
    run()
    assert "Debited" in text_of(browser)
    assert "End automatic debit" in text_of(browser, PAGE + "end/")
    assert browser.post(PAGE + "end/").headers["Location"] == PAGE
    assert "Automatic debit is being ended" in text_of(browser)
    deliver_events()
    learn_now()
    assert "해지되었습니다" in text_of(browser, language="ko")
    assert browser.get(PAGE + "end/").headers["Location"] == PAGE


def test_a_lost_answer_says_that_it_is_being_checked(world: World, browser: FaceClient) -> None:
    world.fault(fault="http_500", endpoint="mandates", times=2)
    answer = browser.post(PAGE, {"bank": "20", "told": "on"})
    assert answer.headers["Location"] == PAGE
    assert "We are checking" in text_of(browser)
    for minutes in (1, 3, 9, 30):
        learn_now(after=timedelta(minutes=minutes))
    assert "was not set up" in text_of(browser)


def test_somebody_who_gives_up_at_the_bank_begins_anew(
    world: World, browser: FaceClient, deliver_events: Callable[[], int]
) -> None:
    answer = browser.post(PAGE, {"bank": "20", "told": "on"})
    back = world.refuse(answer.headers["Location"])
    assert browser.get(path_of(back)).headers["Location"] == PAGE
    deliver_events()
    learn_now()
    assert "was not set up" in text_of(browser)
    assert browser.post(PAGE, {"bank": "88", "told": "on"}).status_code == 303


@pytest.mark.parametrize("form", [{}, {"bank": "20"}, {"bank": "99", "told": "on"}, {"bank": "<script>", "told": "x"}])
def test_a_form_that_makes_no_sense_is_shown_again(world: World, browser: FaceClient, form: dict[str, str]) -> None:
    assert browser.post(PAGE, form).status_code == 422
    assert not Mandate.objects.exists()


def test_a_failed_debit_says_why_and_when_it_is_tried_again(world: World, giver: Giver, browser: FaceClient) -> None:
    giver.gives(world, an_account(EMPTY))
    run()
    text = text_of(browser)
    assert "Not enough money in the account" in text
    assert "Next try" in text
    services.run_debits(at=clock.now(), until=evening() + timedelta(days=6))
    assert "Pay it in another way" in text_of(browser)


def test_nobody_sees_or_ends_anothers(world: World, giver: Giver, as_role: AsRole) -> None:
    mandate = giver.gives(world)
    other = citizen_client(as_role, Taxpayer.objects.create(kind="individual", name="성춘향"))
    assert mandate.account not in text_of(other)
    stranger = a_giver(as_role, a_bill())
    with stranger.here():
        assert not Mandate.objects.exists()
        with pytest.raises(services.NothingToEnd):
            services.end_own(reference=mandate.reference)
        with pytest.raises(DatabaseError), transaction.atomic():
            Mandate.objects.create(
                reference="MND-FORGED", taxpayer_id=giver.taxpayer_id, asked_by_id=stranger.account_id, bank="20",
                gateway="x", language="ko", asked_at=clock.now(), ask_at=clock.now(),
            )  # fmt: skip
    with giver.here(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT payments_step_mandate(%s, 'asked', 'active', '{}')", [mandate.reference])


def test_the_banks_word_that_a_holder_revoked_makes_us_ask(
    world: World, giver: Giver, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    mandate = giver.gives(world)
    world.holder_revokes(mandate.gateway_key)
    heard = world.heard(mandate.reference)
    while heard.data["status"] != "ENDED":
        heard = world.heard(mandate.reference)
    with as_role("intake"):
        assert deliver(heard) == Verdict.PROCESSED
    deliver_events()
    learn_now(after=timedelta(seconds=2))
    mandate.refresh_from_db()
    assert mandate.status == "ended"


def test_an_officer_looks_at_a_day_and_ends_a_mandate_with_a_reason(
    world: World, giver: Giver, as_role: AsRole, bill: BillFacts, deliver_events: Callable[[], int]
) -> None:
    mandate = giver.gives(world, an_account(EMPTY))
    run()
    desk = officer_client(as_role, "collector@example.com", Role.COLLECTOR, body="11110")
    day = text_of(desk, f"/payments/debits/?day={the_debit().due_on:%Y-%m-%d}")
    assert bill.epay_number in day
    assert "INSUFFICIENT_FUNDS" in day
    found = text_of(desk, f"/payments/mandates/?text={giver.taxpayer_id}")
    assert mandate.reference in found
    assert f"/payments/mandates/{mandate.pk}/end/" in found
    assert desk.post(f"/payments/mandates/{mandate.pk}/end/", {"reason": ""}).status_code == 422
    done = desk.post(f"/payments/mandates/{mandate.pk}/end/", {"reason": "창구에서 신청"})
    assert done.status_code == 302
    deliver_events()
    learn_now()
    mandate.refresh_from_db()
    assert (mandate.status, mandate.end_reason) == ("ended", "창구에서 신청")
    assert desk.get(f"/payments/mandates/{mandate.pk}/end/").status_code == 404
    assert desk.get("/payments/debits/?day=yesterday").status_code == 422
    told = AuditRecord.objects.filter(subject=f"mandate:{mandate.reference}").values_list("action", flat=True)
    assert {"payment.mandate_looked_up", "payment.mandate_end_asked", "payment.mandate_ended"} <= set(told)


def test_nobody_ends_a_relatives_or_another_offices(world: World, giver: Giver, as_role: AsRole) -> None:
    mandate = giver.gives(world)

    def ends() -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT payments_end_mandate(%s, 'x', now())", [mandate.pk])
            return bool(cursor.fetchone()[0])

    with at_a_desk(as_role, Role.COLLECTOR, body="11140", email="jung@example.com"):
        assert not Mandate.objects.exists()
        assert not ends()
    with at_a_desk(as_role, Role.TREASURER, body="11110", email="treasurer@example.com"):
        assert not ends()
    with at_a_desk(as_role, Role.COLLECTOR, body="11110", email="jongno@example.com") as me:
        pass
    Relative.objects.create(officer_id=me.account, relation="parent", name="x", taxpayer_id=giver.taxpayer_id)
    with at_a_desk(as_role, Role.COLLECTOR, body="11110", email="jongno@example.com"):
        assert not ends()
    with at_a_desk(as_role, Role.COLLECTOR, body="11110", email="another@example.com"):
        assert ends()
    assert Mandate.objects.get().status == "ending"
