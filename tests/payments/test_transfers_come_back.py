"""A bank that rejects one of many, in whatever order it is heard, and money that comes back months later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from django.core.management import call_command

from core import clock
from core.models import Event
from payments import services
from payments.bankfiles.read_pain002 import Answer
from payments.models import Transfer, TransferBatch
from tests.payments.bank_messages import Told
from tests.payments.cast import balances
from tests.payments.days import MONDAY, bank_states, close, on, open_differences
from tests.payments.test_cancellations import Desk
from tests.payments.test_transfers import (
    ELEVEN,
    TEN,
    agrees,
    approver,
    filed,
    folder,
    order,
    says,
    sent,
    states,
    told,
    treasurer,
)

__all__ = ["approver", "folder", "sent", "treasurer"]
pytestmark = pytest.mark.usefixtures("db")
MONTHS_LATER = date(2026, 9, 28)  # a working day after Chuseok


@pytest.fixture
def many(folder: Path, treasurer: Desk, approver: Desk) -> TransferBatch:
    """Five transfers, with the bank and unanswered."""
    for key in "12345":
        order(key, 10_000 * int(key))
    batch = filed()
    agrees(treasurer, batch)
    agrees(approver, batch)
    services.drop_transfer_files(at=TEN)
    return batch


def test_one_of_many_is_rejected_and_the_others_wait_for_their_own_answer(
    many: TransferBatch, deliver_events: Callable[[], int]
) -> None:
    third = Transfer.objects.get(key="3")
    says(many, (third.reference, "RJCT"), whole="PART")
    deliver_events()
    assert states() == {"1": "sent", "2": "sent", "3": "rejected", "4": "sent", "5": "sent"}
    assert balances() == {"refund_payable": 120_000, "clearing": -120_000}
    assert told() == [("rejected", "3")]
    assert TransferBatch.objects.get().ask_at is not None, "four have no answer yet"
    call_command("ledger_check")


@pytest.mark.parametrize("turns", list(permutations([0, 1, 2])), ids=str)
def test_a_yes_to_the_whole_and_a_no_to_one_are_no_contradiction_in_any_order(
    sent: TransferBatch, turns: tuple[int, ...]
) -> None:
    one, two = Transfer.objects.order_by("pk")
    heard = [("", Answer.ACCEPTED, ""), (one.reference, Answer.ACCEPTED, ""), (two.reference, Answer.REJECTED, "AC04")]
    for turn in (*turns, *turns):  # and each of them twice
        reference, answer, reason = heard[turn]
        services.answer_transfers(
            bank="088", message_id=sent.message_id, reference=reference, answer=answer, reason=reason, at=ELEVEN
        )
    assert states() == {"1": "accepted", "2": "rejected"}
    assert set(Transfer.objects.values_list("problem", flat=True)) == {""}
    assert balances() == {"refund_payable": 30_000, "clearing": -30_000}


def test_what_comes_back_months_later_is_owed_again_and_both_days_agree(
    sent: TransferBatch, deliver_events: Callable[[], int]
) -> None:
    says(sent, whole="ACSC")
    deliver_events()
    one, two = Transfer.objects.order_by("pk")
    left = [Told(t.amount, out=True, ref=f"B-{t.key}", end_to_end=t.reference, at=ELEVEN) for t in (one, two)]
    bank_states(MONDAY, *left)
    close(MONDAY)
    assert open_differences() == []
    back = Told(one.amount, ref="R-1", end_to_end=one.reference, returned=True, at=on(MONTHS_LATER, 9))
    again = Told(one.amount, ref="R-2", end_to_end=one.reference, returned=True, at=on(MONTHS_LATER, 10))
    file = bank_states(MONTHS_LATER, back, again)
    assert list(file.lines.order_by("pk").values_list("fate", flat=True)) == ["returned", "suspended"]
    assert states() == {"1": "returned", "2": "booked"}
    assert told()[-1] == ("returned", "1")
    close(MONDAY), close(MONTHS_LATER)
    assert open_differences() == []
    assert balances() == {"refund_payable": 5_000, "treasury": 25_000, "suspense": -30_000}
    call_command("ledger_check")


def test_less_than_was_sent_comes_back_and_waits_for_people(sent: TransferBatch) -> None:
    """A bank that keeps its fee from what it returns: nobody guesses that the rest is settled."""
    one = Transfer.objects.get(key="1")
    bank_states(MONDAY, Told(one.amount, out=True, ref="B-1", end_to_end=one.reference, at=ELEVEN))
    back = Told(one.amount - 500, ref="R-1", end_to_end=one.reference, returned=True, at=on(MONTHS_LATER, 9))
    file = bank_states(MONTHS_LATER, back)
    assert list(file.lines.values_list("fate", flat=True)) == ["suspended"]
    assert states()["1"] == "booked"


def test_what_was_rejected_and_leaves_all_the_same_is_explained_by_nothing(
    sent: TransferBatch, deliver_events: Callable[[], int]
) -> None:
    one, two = Transfer.objects.order_by("pk")
    says(sent, (one.reference, "RJCT"), (two.reference, "ACSC"))
    deliver_events()
    lines = [Told(t.amount, out=True, ref=f"B-{t.key}", end_to_end=t.reference, at=ELEVEN) for t in (one, two)]
    bank_states(MONDAY, *lines)
    close(MONDAY)
    assert open_differences() == [("money_out", "-B-1", 0, -30_000)]
    assert Event.objects.filter(topic="payments.transfer_booked.v1").count() == 1
    assert clock.local_date(ELEVEN) == MONDAY
    call_command("ledger_check")
