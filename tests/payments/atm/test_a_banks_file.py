"""A bank's own file of messages goes through the host's steps."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from payments.atm.frames import frame
from payments.models import Payment
from tests.payments.atm.bank import CODE, KEY, Line, element, packed
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


def test_a_file_that_does_not_end_where_it_should_is_refused_whole(
    as_role: AsRole, bill: BillFacts, bank: Line, tmp_path: Path
) -> None:
    data = frame(packed("0220", bank.payment(bill.epay_number, 52_000)))
    with pytest.raises(CommandError, match="frame 2 does not fit"):
        replayed(as_role, tmp_path / "messages.bin", data + data[:-1])
    assert Payment.objects.count() == 0
