"""A bank's own file of messages goes through the host's steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from payments.atm import replay
from payments.atm.frames import frame
from payments.atm.hours import ALWAYS
from payments.models import Payment
from tests.payments.atm.bank import CODE, KEY, SEOUL, Line, element, packed
from tests.payments.cast import BillFacts, a_bill, balances
from tests.support.database import AsRole


@pytest.fixture
def bank() -> Line:
    line = object.__new__(Line)
    line.code = CODE
    return line


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def replayed(as_role: AsRole, file: Path, data: bytes) -> list[str]:
    file.write_bytes(data)
    said = StringIO()
    with as_role("intake"), override_settings(ATM_KEYS={CODE: [KEY.hex()]}):
        call_command("atm_replay", CODE, str(file), stdout=said)
    return said.getvalue().splitlines()


def test_what_is_missing_is_posted_and_what_is_known_changes_nothing(
    as_role: AsRole, bill: BillFacts, bank: Line, tmp_path: Path
) -> None:
    paid, again = bank.payment(bill.epay_number, 52_000), bank.payment(bill.epay_number, 52_000)
    messages = [
        packed("0800", bank.network(1)),
        packed("0200", bank.inquiry(element("01", bill.epay_number))),
        packed("0220", paid),
        packed("0220", again),
        packed("0420", bank.reversal(again)),
        packed("0220", paid, key=bytes(32)),
        b"\0" * 30,
    ]
    data = b"".join(frame(message) for message in messages)
    said = replayed(as_role, tmp_path / "messages.bin", data)
    assert [line.split()[1] for line in said] == [
        *("sign_on", "inquiry", "advice", "advice", "reversal", "refused:", "refused:")
    ]
    assert [line.rpartition(" ")[2] for line in said[2:5]] == ["00", "00", "00"]
    assert replayed(as_role, tmp_path / "messages.bin", data) == said
    assert Payment.objects.count() == 2
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def sent_at(bank: Line, bill: BillFacts, moment: datetime) -> dict[int, Any]:
    """Fields of a request from a machine at another moment of the city's clock."""
    utc = moment.astimezone(UTC)
    clock = {"f7": f"{utc:%m%d%H%M%S}", "f12": f"{moment:%H%M%S}", "f13": f"{moment:%m%d}"}
    return bank.payment(bill.epay_number, 52_000, **{name: int(digits) for name, digits in clock.items()})


def test_a_request_of_yesterday_that_our_books_have_lost_is_posted_as_of_then(
    as_role: AsRole, bill: BillFacts, bank: Line, tmp_path: Path
) -> None:
    noon = datetime.now(SEOUL).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    data = frame(packed("0200", sent_at(bank, bill, noon)))
    (said,) = replayed(as_role, tmp_path / "messages.bin", data)
    assert said.endswith(" 00")
    payment = Payment.objects.get()
    assert (payment.amount, payment.approved_at) == (52_000, noon)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    assert replayed(as_role, tmp_path / "messages.bin", data) == [said]
    assert Payment.objects.count() == 1


def test_a_request_of_a_file_is_undone_by_the_reversal_behind_it(
    as_role: AsRole, bill: BillFacts, bank: Line, tmp_path: Path
) -> None:
    noon = datetime.now(SEOUL).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    request = sent_at(bank, bill, noon)
    data = frame(packed("0200", request)) + frame(packed("0420", bank.reversal(request)))
    assert [line[-2:] for line in replayed(as_role, tmp_path / "messages.bin", data)] == ["00", "00"]
    assert balances() == {"receivable": 52_000, "revenue": -52_000}


@pytest.mark.parametrize(("ago", "hour", "code"), [(1, 0, "90"), (11, 12, "12"), (-2, 12, "12")])
def test_a_request_that_no_machine_could_have_sent_then_is_declined(
    as_role: AsRole, bill: BillFacts, bank: Line, tmp_path: Path, *, ago: int, hour: int, code: str
) -> None:
    moment = datetime.now(SEOUL).replace(hour=hour, minute=10, second=0, microsecond=0) - timedelta(days=ago)
    with pytest.MonkeyPatch.context() as patch:
        if code == "12":  # these are judged by now, which may be at night
            patch.setattr(replay, "hours_of_the_city", lambda: ALWAYS)
        (said,) = replayed(as_role, tmp_path / "messages.bin", frame(packed("0200", sent_at(bank, bill, moment))))
    assert said.endswith(f" {code}")
    assert not Payment.objects.exists()


def test_a_file_that_does_not_end_where_it_should_is_refused_whole(
    as_role: AsRole, bill: BillFacts, bank: Line, tmp_path: Path
) -> None:
    data = frame(packed("0220", bank.payment(bill.epay_number, 52_000)))
    with pytest.raises(CommandError, match="frame 2 does not fit"):
        replayed(as_role, tmp_path / "messages.bin", data + data[:-1])
    assert Payment.objects.count() == 0
