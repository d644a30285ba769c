"""What is a district's is sent to it on the next business day, from order to statement, by the treasurer's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.access import Role
from core import clock
from payments import services
from payments.bankfiles.transfers import transfer_rules
from payments.gateways.base import Movement, MovementKind
from payments.models import Reversal, Transfer, TransferBatch
from payments.reconcile.business_day import business_days
from payments.reconcile.distribute import distribute
from payments.reconcile.remit import due_on, remit
from tests.billing.people import officer_client
from tests.payments.bank_messages import Told
from tests.payments.cast import balances
from tests.payments.days import MONDAY, TUESDAY, WEDNESDAY, bank_states, give_back, on, open_differences, sale
from tests.payments.days import close as compare
from tests.payments.test_distribution import CITY, GU, clearing
from tests.payments.test_transfers import says
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/payments/transfers/"


def distributed(day: date = MONDAY) -> None:
    distribute(span=business_days(on=day).span(day), at=on(day + timedelta(days=1), 7))


def sums() -> dict[str, int]:
    return dict(Transfer.objects.order_by("pk").values_list("key", "amount"))


def test_all_that_is_a_districts_is_ordered_once_on_the_next_business_day() -> None:
    sale(52_000, at=on(MONDAY))
    distributed()
    assert remit(at=on(TUESDAY, 8)) == 0  # before the pack's hour
    assert remit(at=on(TUESDAY, 9)) == 1
    assert remit(at=on(TUESDAY, 10)) == 0
    made = Transfer.objects.get()
    assert (made.key, made.amount, made.holder) == (f"{GU}/{TUESDAY}", 1_560, "종로구")
    assert (clearing(CITY), clearing(GU)) == (50_440, 0)
    assert due_on(TUESDAY) == []
    call_command("ledger_check")


def test_what_changes_later_is_in_the_next_days_and_nothing_is_asked_back() -> None:
    paid = sale(52_000, at=on(MONDAY))
    distributed()
    remit(at=on(TUESDAY, 9))
    give_back(paid, at=on(TUESDAY))
    distributed()
    assert [(one.code, one.amount) for one in due_on(WEDNESDAY)] == [(GU, -1_560)]
    assert remit(at=on(WEDNESDAY, 9)) == 0
    sale(104_000, at=on(TUESDAY, 12))
    distributed(TUESDAY)
    assert remit(at=on(WEDNESDAY, 10)) == 1
    assert sums() == {f"{GU}/{TUESDAY}": 1_560, f"{GU}/{WEDNESDAY}": 3_120 - 1_560}


def test_a_body_without_an_account_in_the_pack_gets_nothing_and_is_named(
    as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale(52_000, at=on(MONDAY))
    distributed()
    known = transfer_rules(on=TUESDAY)
    monkeypatch.setattr("payments.reconcile.remit.transfer_rules", lambda *, on: replace(known, accounts={}))
    assert remit(at=on(TUESDAY, 9)) == 0
    assert [(one.code, one.account) for one in due_on(TUESDAY)] == [(GU, None)]
    shown = officer_client(as_role, "t@example.kr", Role.TREASURER).get(PAGE, headers={"Accept-Language": "en"})
    assert "names no account" in shown.content.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(BANK_FILES_FOLDER=str(tmp_path)):
        yield tmp_path / "088" / "out"


def post(client: FaceClient, path: str, **values: str) -> str:
    answer = client.post(path, values, headers={"Accept-Language": "en"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(client.get(answer["Location"], headers={"Accept-Language": "en"}).content.decode())


def released(as_role: AsRole, batch: TransferBatch, day: date) -> None:
    """Two officers, each at their own screen."""
    first = officer_client(as_role, f"first{batch.pk}@example.kr", Role.TREASURER, Role.APPROVER)
    second = officer_client(as_role, f"second{batch.pk}@example.kr", Role.APPROVER)
    address = f"{PAGE}{batch.pk}/"
    assert batch.digest in first.get(address).content.decode()
    assert "Approved; waits" in post(first, f"{address}agree/", digest=batch.digest)
    assert "not your turn" in post(first, f"{address}agree/", digest=batch.digest)
    assert "not the file that you saw" in post(second, f"{address}agree/", digest="0" * 64)
    assert "Released" in post(second, f"{address}agree/", digest=batch.digest)
    assert services.drop_transfer_files(at=on(day, 11)) == 1


def test_from_payment_to_statement_and_a_rejected_one_is_corrected(
    as_role: AsRole, folder: Path, deliver_events: Callable[[], int]
) -> None:
    sale(52_000, at=on(MONDAY), gateway="statement:088")
    distributed()
    remit(at=on(TUESDAY, 9))
    services.write_transfer_files(at=on(TUESDAY, 9))
    batch = TransferBatch.objects.get()
    released(as_role, batch, TUESDAY)
    failed = Transfer.objects.get()
    says(batch, (failed.reference, "RJCT"))
    deliver_events()
    desk = officer_client(as_role, "desk@example.kr", Role.TREASURER)
    assert "AC04" in desk.get(PAGE).content.decode()
    address = f"{PAGE}failed/{failed.pk}/"
    typed = {"bank": "020", "account": "02091111000099", "holder": "종로구", "reason": "by telephone"}
    refused = desk.post(address, {**typed, "account": "1-2"}, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "digits only" in refused.content.decode()
    assert "Ordered again" in post(desk, address, **typed)
    assert desk.get(address).status_code == 404
    services.write_transfer_files(at=on(WEDNESDAY, 9))
    again = TransferBatch.objects.exclude(pk=batch.pk).get()
    released(as_role, again, WEDNESDAY)
    moved = Transfer.objects.get(repeats=failed)
    told = Told(moved.amount, out=True, ref="B-1", end_to_end=moved.reference, at=on(WEDNESDAY, 12))
    bank_states(WEDNESDAY, told)
    compare(WEDNESDAY)
    assert open_differences(WEDNESDAY) == []
    moved.refresh_from_db()
    assert (moved.status, moved.account) == ("booked", "02091111000099")
    assert remit(at=on(WEDNESDAY, 12)) == 0  # what was rejected is not due a second time
    # 52,000 came and waits for its own statement; 1,560 left the city and arrived with the district.
    booked = {purpose: amount for purpose, amount in balances().items() if not purpose.startswith("mileage")}
    assert booked == {"clearing": 52_000, "revenue": -53_560, "fee": 1_560}
    call_command("ledger_check")
    file = desk.get(f"{PAGE}{again.pk}/file.xml")
    assert file.content == bytes(again.content)


def test_only_the_citys_officers_see_what_is_sent(as_role: AsRole) -> None:
    assert officer_client(as_role, "gu@example.kr", Role.TREASURER, body="11110").get(PAGE).status_code == 403
    assert officer_client(as_role, "c@example.kr", Role.COLLECTOR).get(PAGE).status_code == 403
    client = officer_client(as_role, "t@example.kr", Role.TREASURER)
    assert client.get(f"{PAGE}999/").status_code == 404
    assert "No file was written yet" in client.get(PAGE, headers={"Accept-Language": "en"}).content.decode()


def test_reversals_that_wait_are_listed_with_what_is_known_and_the_days_page_says_so(as_role: AsRole) -> None:
    paid = sale(52_000, at=on(MONDAY))
    days = officer_client(as_role, "t@example.kr", Role.TREASURER)
    english = {"Accept-Language": "en"}
    assert "whose payment is not here" not in days.get("/payments/days/", headers=english).content.decode()
    for name, of in (("R-1", "never-came"), ("R-2", "lost")):
        movement = Movement(name, MovementKind.DEPOSIT_RETURN, 9_000, clock.now())
        services.reverse(gateway="statement:088", movement=movement, of_movement=of, at=clock.now())
    attempt = paid.attempt
    assert attempt is not None
    assert Reversal.objects.filter(posted_at=None).count() == 2
    assert "whose payment is not here" in days.get("/payments/days/", headers=english).content.decode()
    assert "whose payment is not here" in days.get(f"/payments/days/{MONDAY}/", headers=english).content.decode()
    shown = days.get("/payments/waiting/", headers=english).content.decode()
    for fact in ("never-came", "R-2", "9,000", "No payment of ours has this name"):
        assert fact in shown
    gu = officer_client(as_role, "gu@example.kr", Role.TREASURER, body="11110")
    assert gu.get("/payments/waiting/").status_code == 403
