"""`kill -9` between points and the other way of a split: each part is paid once, or is still the payer's."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

import pytest
from django.conf import settings

from core import clock
from mileage.functions import call
from mileage.models import Entry, Use
from mileage.states import UseStatus
from payments import services
from payments.models import Attempt, Payment
from payments.services import Wish
from tests.mileage.test_killed_in_the_middle import Killed, die
from tests.mileage.test_points_come_back import Payer, payer
from tests.payments.cast import BACK, sweep_later
from tests.payments.killing import Doomed
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

__all__ = ["payer"]
pytestmark = pytest.mark.socket

# What the page does with a form that says 12,000 points and the rest by card.
SPLIT: Final = """
{where}
wish = services.Wish([facts["bill"]], 52_000, facts["key"], "ko")
with session_secret(facts["session"]):
    begun = services.pay_with_points(wish=wish, points=12_000, at=clock.now())
    {between}
    services.start_card(wish=begun.rest, back=services.ReturnAddresses(**facts["back"]), at=clock.now())
"""
RETURN: Final = """
gateway = sys.modules["payments.gateways.sandbox_acquirer"].SandboxAcquirer
{where}
with session_secret(facts["session"]):
    services.return_from_card(secret=facts["secret"], at=clock.now())
"""
CARD: Final = 'card = of("start_card"); '
DEATHS: Final = {
    "before the points are kept for good": "outbox.publish = die",
    "between the two ways": "",
    "before the gateway hears": f"{CARD}card.first_that_hears = die",
    "before its answer is written": f"{CARD}card.page_opened = die",
    "after its answer is written": f"{CARD}card.page_opened = then_die(card.page_opened)",
}


def dies(payer: Payer, world: World, doomed: Doomed, place: str) -> str:
    """The page's process dies there; the form's key."""
    key = secrets.token_hex(16)
    script = SPLIT.format(where=DEATHS[place], between="" if DEATHS[place] else "die()")
    facts = {"bill": payer.bill.id, "key": key, "session": payer.visitor.secret}
    back = {"success": BACK.success, "fail": BACK.fail}
    doomed("public", script, options=world.options, back=back, **facts)
    return key


def sends_again(payer: Payer, key: str) -> Attempt:
    """The browser sends the same form once more."""
    wish = Wish([payer.bill.id], 52_000, key, "ko")
    with payer.visitor.here():
        begun = services.pay_with_points(wish=wish, points=12_000, at=clock.now())
        assert begun.rest is not None
        services.start_card(wish=begun.rest, back=BACK, at=clock.now())
    return Attempt.objects.get(channel="card")


def points_are_spent_once(payer: Payer) -> None:
    assert (Use.objects.get().status, Entry.objects.filter(kind="spent").count()) == (UseStatus.SPENT, 1)
    assert payer.left == 48_000


@pytest.mark.parametrize("heard", [False, True], ids=["the form comes first", "the worker comes first"])
@pytest.mark.parametrize("place", DEATHS)
def test_the_same_form_again_pays_both_parts_once(
    payer: Payer, world: World, doomed: Doomed, place: str, heard: bool
) -> None:
    key = dies(payer, world, doomed, place)
    if heard:
        payer.hear()
    card = sends_again(payer, key)
    assert card.amount == 40_000
    world.agree(card.page_url)
    with payer.visitor.here():
        services.return_from_card(secret=services.link_secret(card.reference), at=clock.now())
    payer.hear()
    sweep_later(after=timedelta(minutes=1))
    payer.hear()
    assert set(Attempt.objects.values_list("status", flat=True)) == {"paid"}
    points_are_spent_once(payer)
    assert payer.stands() == {"clearing": 40_000}


@pytest.mark.parametrize("points", [60_000, 12_000], ids=["there are more", "these were all"])
def test_the_page_takes_the_same_form_again_and_asks_the_card_for_no_more_than_the_rest(
    payer: Payer, world: World, as_role: AsRole, monkeypatch: pytest.MonkeyPatch, points: int
) -> None:
    spare = 60_000 - points
    if spare:
        call("mileage_reserve", payer.bill.taxpayer_id, "USE-SPARE", "cash", spare, "{}", clock.now())
    client = FaceClient("public", as_role)
    client.cookies[settings.SESSION_COOKIE_NAME] = payer.visitor.secret
    form = {"shown_amount": 52_000, "form_key": secrets.token_hex(16), "way": "whole", "channel": "card"}
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr("payments.views.paying._in_one_way", die)
        client.post(f"/pay/{payer.bill.id}/", {**form, "points": "12000"})
    assert client.post(f"/pay/{payer.bill.id}/", {**form, "points": "12000"}).status_code == 303
    assert Attempt.objects.get(channel="card").amount == 40_000
    assert Use.objects.get(way="bill").points == 12_000


def test_who_never_comes_back_has_paid_with_the_points_and_owes_the_rest(
    payer: Payer, world: World, doomed: Doomed
) -> None:
    dies(payer, world, doomed, "before the gateway hears")
    for minutes in (1, 5, 40, 80):
        sweep_later(after=timedelta(minutes=minutes))
    payer.hear()
    points_are_spent_once(payer)
    assert Attempt.objects.get(channel="card").status == "expired"
    assert payer.stands() == {"receivable": 40_000}


@pytest.mark.parametrize(
    "where", ["gateway.confirm = die", 'place = of("return_from_card"); place.advance = then_die(place.advance)']
)
def test_a_death_while_the_card_pays_its_part_spends_no_point_twice(
    payer: Payer, world: World, doomed: Doomed, where: str
) -> None:
    card = sends_again(payer, secrets.token_hex(16))
    world.agree(card.page_url)
    facts = {"session": payer.visitor.secret, "secret": services.link_secret(card.reference)}
    doomed("public", RETURN.format(where=where), options=world.options, **facts)
    payer.hear()  # the points are taken whatever became of the card
    points_are_spent_once(payer)
    for minutes in (1, 5, 15, 40, 80):
        sweep_later(after=timedelta(minutes=minutes))
    payer.hear()
    points_are_spent_once(payer)
    paid = Payment.objects.filter(attempt__channel="card").count()
    assert payer.stands() == ({"clearing": 40_000} if paid else {"receivable": 40_000})
