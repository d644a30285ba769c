"""Messages to the intake that are signed and absurd: kept, set aside, nothing posted, and nobody's name in a log."""

from __future__ import annotations

import json

import pytest

from payments.models import InboxMessage, Payment
from payments.states import Verdict
from tests.payments.cast import BillFacts, a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.messages import arrive, movement_told
from tests.payments.signing import signed_headers
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket
OWED = {"receivable": 52_000, "revenue": -52_000}
ABSURD = [-52_000, 0, 1.5, 10**15, 10**30, 1e400, "52000", True, None, [52_000], {}]


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.mark.parametrize("amount", ABSURD, ids=repr)
def test_an_absurd_amount_is_set_aside_and_posts_nothing(
    world: World, as_role: AsRole, bill: BillFacts, amount: object
) -> None:
    reference = attempt_of(a_visitor(as_role, bill).starts_card(bill)).reference
    assert arrive(movement_told(reference, amount)) in {Verdict.SET_ASIDE, Verdict.TO_ASK}
    sweep_later()
    assert balances() == OWED
    assert InboxMessage.objects.get().body, "kept as it came"


@pytest.mark.parametrize(
    "changes",
    [
        {"orderId": "x" * 10_000},
        {"orderId": "\u0000"},
        {"transactionKey": ""},
        {"transactionKey": "x" * 10_000},
        {"occurredAt": "yesterday"},
        {"occurredAt": "9999-12-31T23:59:59+09:00"},
        {"currency": "USD"},
        {"kind": "GIFT"},
    ],
    ids=lambda change: next(iter(change)) + repr(next(iter(change.values())))[:12],
)
def test_a_field_that_makes_no_sense_posts_nothing(
    world: World, as_role: AsRole, bill: BillFacts, changes: dict[str, str]
) -> None:
    reference = attempt_of(a_visitor(as_role, bill).starts_card(bill)).reference
    assert arrive(movement_told(reference, 52_000, **changes)) in {
        Verdict.SET_ASIDE,
        Verdict.TO_ASK,
        Verdict.UNKNOWN_ORDER,
    }
    sweep_later()
    assert (balances(), Payment.objects.count()) == (OWED, 0)


def test_the_same_bytes_are_one_message_and_other_bytes_another(world: World, as_role: AsRole, bill: BillFacts) -> None:
    reference = attempt_of(a_visitor(as_role, bill).starts_card(bill)).reference
    told = movement_told(reference, 52_000)
    other = json.dumps(json.loads(told), indent=1).encode()
    for body in (told, told, other):
        assert arrive(body) == Verdict.PROCESSED
    assert list(InboxMessage.objects.order_by("pk").values_list("times", flat=True)) == [2, 1]
    assert Payment.objects.count() == 1


def test_what_is_refused_leaves_no_name_or_number_in_a_log(
    world: World, intake_client: FaceClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    private = {
        "holder": "성춘향",
        "cardNumber": "9999000000000012",
        "telephone": "01099960012",
        "born": "850301-2999999",
    }
    signed = movement_told("PAY-NOBODYS", -5, **private)
    unread = json.dumps({"data": private}, ensure_ascii=False).encode()
    for body, headers in (
        (signed, signed_headers(signed)),
        (signed + b" ", {}),
        (unread, signed_headers(unread)),
        (unread * 1_000, {}),
    ):
        answer = intake_client.post(
            "/callbacks/sandbox_acquirer", data=body, content_type="application/json", headers=headers
        )
        assert answer.status_code in {200, 401, 413}
    said = caplog.text + "".join(capfd.readouterr())
    assert not any(word in said for word in private.values())
