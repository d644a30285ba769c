"""Points for cards, vouchers, charities and money: asked for, drawn up by one officer, approved by another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.access import Role
from accounts.models import Account, Taxpayer
from core import clock, outbox
from mileage import services
from mileage.functions import call
from mileage.models import Batch, EarnedBill, ExpiryNotice, Use
from mileage.services import BatchNeedsAnother, NothingWaits, SentAlready, UnreadableAnswer
from mileage.services.batches import read_answers
from mileage.states import BatchStatus, UseStatus, Way
from payments.models import Transfer
from tests.accounts.people import at_a_desk
from tests.billing.people import citizen_client, officer_client
from tests.mileage.world import a_taxpayer, available, everything_agrees, give
from tests.payments.cast import balances
from tests.support.database import AsRole

CARD = {"partner": "transit", "card": "1234567890123456"}


@pytest.fixture
def person(db: None) -> Taxpayer:
    someone = a_taxpayer("한마일")
    give(someone, 20_000, until=date(2036, 1, 1), at=clock.now())
    return someone


@pytest.fixture
def client(as_role: AsRole, person: Taxpayer) -> Client:
    return citizen_client(as_role, person)


def left(person: Taxpayer) -> int:
    return available(person, clock.now())


def drawn(as_role: AsRole, way: Way, partner: str) -> Batch:
    with at_a_desk(as_role, Role.TREASURER, email="one@example.com"):
        number = services.draw_batch(way=way, partner=partner, at=clock.now())
    return Batch.objects.get(pk=number)


def sent(as_role: AsRole, way: Way, partner: str) -> Batch:
    batch = drawn(as_role, way, partner)
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com"):
        services.decide_batch(batch_id=batch.pk, digest=batch.digest, granted=True, at=clock.now())
    with at_a_desk(as_role, Role.TREASURER, email="one@example.com"):
        services.send_batch(batch_id=batch.pk, at=clock.now())
        with pytest.raises(SentAlready):
            services.send_batch(batch_id=batch.pk, at=clock.now())
    return batch


def answered(as_role: AsRole, batch: Batch, *lines: str) -> None:
    content = "\n".join(["reference,result,reason", *lines]).encode()
    with at_a_desk(as_role, Role.TREASURER, email="one@example.com"):
        services.answer_batch(batch_id=batch.pk, content=content, at=clock.now())


def undo(order: Transfer) -> None:
    """The bank refused it: the money is owed again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_withdraw_transfer('mileage', %s, now())", [order.key])


def test_points_go_to_a_card_or_come_back(
    client: Client, person: Taxpayer, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    for points in ("1000", "2000"):
        assert client.post("/mileage/use/transit_card/", {**CARD, "points": points}).status_code == 302
    assert left(person) == 17_000
    batch = sent(as_role, Way.TRANSIT_CARD, "transit")
    one, two = Use.objects.order_by("points")
    assert f"{one.reference},1234567890123456,1000\r\n" in batch.content
    answered(as_role, batch, f"{one.reference},done,", f"{two.reference},failed,card is locked")
    deliver_events()
    assert left(person) == 19_000
    assert (balances()["clearing"], balances()["mileage"]) == (-1_000, -19_000)
    assert Use.objects.get(pk=two.pk).because == "card is locked"
    assert Batch.objects.get().status == BatchStatus.ANSWERED
    order = Transfer.objects.get()
    assert (order.purpose, order.holder, order.amount) == ("mileage", "예시교통카드", 1_000)
    call_command("ledger_check")


def test_money_goes_to_ones_own_account_only_and_comes_back_if_the_bank_refuses(
    client: Client, person: Taxpayer, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    form = {"bank": "088", "account": "1102233", "points": "5000"}
    assert client.post("/mileage/use/cash/", form).status_code == 302
    batch = sent(as_role, Way.CASH, "")
    deliver_events()
    use = Use.objects.get()
    assert (use.target["holder"], use.status) == ("한마일", UseStatus.SPENT)
    order = Transfer.objects.get()
    assert (order.key, order.account, order.holder, order.amount) == (use.reference, "1102233", "한마일", 5_000)
    assert balances()["clearing"] == -5_000
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.ANSWERED
    refused = {"transfer_id": order.pk, "purpose": "mileage", "key": use.reference, "amount": 5_000, "reason": "AC04"}
    undo(order)
    for _ in range(2):
        outbox.publish("payments.transfer_rejected.v1", **refused)
        deliver_events()
    assert left(person) == 20_000
    assert "refund_payable" not in balances()
    call_command("ledger_check")


def test_a_bank_is_chosen_from_a_list_by_the_digits_that_transfers_name_it_by(client: Client) -> None:
    page = client.get("/mileage/use/cash/").content.decode()
    for code, name in (("004", "국민은행"), ("020", "우리은행"), ("088", "신한은행")):
        assert re.search(f'<option value="{code}">[^<]*{name}', page)
    assert 'value="006"' not in page  # a gateway's own number for KB
    assert client.post("/mileage/use/cash/", {"bank": "006", "account": "1102233", "points": "5000"}).status_code == 422


@pytest.mark.parametrize(
    ("way", "form", "says"),
    [
        ("transit_card", {**CARD, "points": "950"}, "1,000"),
        ("transit_card", {**CARD, "points": "1050"}, "100"),
        ("transit_card", {**CARD, "card": "12", "points": "1000"}, "16"),
        ("charity", {"partner": "nobody", "points": "5"}, "nobody"),
        ("voucher", {"partner": "books", "email": "not an address", "points": "5000"}, "not an address"),
        ("charity", {"partner": "trees", "points": "20001"}, "20001"),
    ],
)
def test_a_bad_wish_is_told_and_keeps_what_was_typed(
    client: Client, person: Taxpayer, way: str, form: dict[str, Any], says: str
) -> None:
    answer = client.post(f"/mileage/use/{way}/", form)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert left(person) == 20_000


def test_who_pays_well_gets_money_for_fewer_points(client: Client, person: Taxpayer) -> None:
    form = {"bank": "088", "account": "1102233", "points": "1000"}
    assert client.post("/mileage/use/cash/", form).status_code == 422
    today = clock.local_date(clock.now())
    for bill in range(6):
        EarnedBill.objects.create(bill=bill, holder_id=person.pk, counts=True, paid_on=today)
    assert "골드" in client.get("/mileage/").content.decode()
    assert client.post("/mileage/use/cash/", form).status_code == 302


def test_what_waits_can_be_taken_back_and_what_is_in_a_file_not(
    client: Client, person: Taxpayer, as_role: AsRole
) -> None:
    for points in ("300", "700"):
        client.post("/mileage/use/charity/", {"partner": "trees", "points": points})
    mine, other = Use.objects.order_by("points")
    stranger = citizen_client(as_role, a_taxpayer())
    stranger.post(f"/mileage/uses/{mine.reference}/withdraw/")
    assert left(person) == 19_000
    client.post(f"/mileage/uses/{mine.reference}/withdraw/")
    assert left(person) == 19_300
    drawn(as_role, Way.CHARITY, "trees")
    client.post(f"/mileage/uses/{other.reference}/withdraw/")
    assert left(person) == 19_300
    everything_agrees()


def test_nobody_approves_their_own_file_nor_other_bytes(client: Client, as_role: AsRole) -> None:
    client.post("/mileage/use/charity/", {"partner": "trees", "points": "300"})
    with at_a_desk(as_role, Role.TREASURER, Role.APPROVER, email="both@example.com"):
        number = services.draw_batch(way=Way.CHARITY, partner="trees", at=clock.now())
        with transaction.atomic():
            batch = Batch.objects.get(pk=number)
        with pytest.raises(BatchNeedsAnother):
            services.decide_batch(batch_id=number, digest=batch.digest, granted=True, at=clock.now())
        with pytest.raises(NothingWaits):
            services.draw_batch(way=Way.CHARITY, partner="trees", at=clock.now())
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com"):
        with pytest.raises(BatchNeedsAnother):
            services.decide_batch(batch_id=number, digest="0" * 64, granted=True, at=clock.now())
        services.decide_batch(batch_id=number, digest=batch.digest, granted=False, at=clock.now())
    assert Use.objects.get().batch_id is None
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=number).update(content="another")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a,b\n", b"reference,result,reason\nUSE-2,done,\n", b"reference,result,reason\nUSE-1,maybe,\n"],
)
def test_an_answer_that_makes_no_sense_is_refused_whole(content: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        read_answers(content, {"USE-1"})


def test_points_that_expire_are_told_once_by_mail(db: None, person: Taxpayer) -> None:
    Account.objects.create(email="h@example.kr", kind="citizen", assurance=2, taxpayer=person, password="x")
    soon = clock.local_date(clock.now()) + timedelta(days=30)
    give(person, 700, until=soon, at=clock.now())
    give(a_taxpayer(), 5, until=soon, at=clock.now())
    assert services.note_expiring(at=clock.now()) == 2
    assert services.note_expiring(at=clock.now()) == 0
    assert services.mail_notices(at=clock.now()) == 1
    assert services.mail_notices(at=clock.now()) == 0
    (letter,) = mail.outbox
    assert (letter.to, "700" in letter.body) == (["h@example.kr"], True)
    assert ExpiryNotice.objects.filter(mailed_at=None).count() == 1


def test_all_lots_of_a_day_are_told_of_and_none_twice(person: Taxpayer) -> None:
    Account.objects.create(email="h@example.kr", kind="citizen", assurance=2, taxpayer=person, password="x")
    soon = clock.local_date(clock.now()) + timedelta(days=30)

    def told() -> list[str]:
        mail.outbox.clear()
        services.note_expiring(at=clock.now())
        for _ in range(2):
            services.mail_notices(at=clock.now())
        return [str(letter.body) for letter in mail.outbox]

    for points in (700, 50, 250):
        give(person, points, until=soon, at=clock.now())
    give(person, 4_000, until=soon + timedelta(days=1), at=clock.now())
    day, next_day = told()
    assert "1,000" in day
    assert "4,000" in next_day
    assert told() == []
    call("mileage_reserve", person.pk, "USE-9", "cash", 600, "{}", clock.now())
    assert told() == []
    call("mileage_release", "USE-9", "withdrawn", 30, clock.now())  # home again: told of before
    assert told() == []
    give(person, 30, until=soon, at=clock.now())
    (again,) = told()
    assert "1,030" in again
    assert told() == []


def test_the_treasurer_walks_through_a_file_on_the_pages(client: Client, as_role: AsRole) -> None:
    client.post("/mileage/use/charity/", {"partner": "trees", "points": "300"})
    one = officer_client(as_role, "one@example.kr", Role.TREASURER)
    two = officer_client(as_role, "two@example.kr", Role.APPROVER)
    assert "300" in one.get("/mileage/files/").content.decode()
    page = one.post("/mileage/files/draw/charity/", {"partner": "trees"})["Location"]
    assert one.get(f"{page}file").status_code == 404
    digest = Batch.objects.get().digest
    for broken in ({"digest": digest}, {"decision": "approve", "digest": "\x00"}, {"decision": "perhaps"}):
        assert two.post(f"{page}decide/", broken).status_code == 302
    assert Batch.objects.get().status == BatchStatus.DRAWN
    assert one.post("/mileage/files/draw/charity/", {"partner": "\x00"}).status_code == 302
    two.post(f"{page}decide/", {"decision": "approve", "digest": digest})
    one.post(f"{page}send/")
    assert one.get(f"{page}file").content.decode() == Batch.objects.get().content
    assert two.get(page).status_code == 200
    assert one.post(page, {}).status_code == 422
