from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection

from core import clock
from payments.atm.banks import codec
from payments.atm.words import Asked
from tests.payments.atm.bank import CODE, KEY, Line, packed
from tests.payments.cast import BillFacts
from tests.support.live import CHECKOUT, face_environment

Open = Callable[..., Line]


@contextmanager
def atm_host(database: str, *options: str, **told: str) -> Iterator[int]:
    """The port of `manage.py atm_host` as a process of its own, with the intake's login."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "atm_host", "--port", "0", *options],
        cwd=CHECKOUT,
        env={**face_environment("intake", database), f"ETAX_ATM_KEY_{CODE}": KEY.hex(), **told},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        ready = process.stdout.readline()
        assert ready.startswith("ready "), ready
        yield int(ready.rpartition(":")[2])
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in said, said
    assert not re.search(r"\d{19}|홍길동", said), "personal data in the log"


@pytest.fixture(scope="session")
def host(database_name: str) -> Iterator[int]:
    """One host for a test process, open at any hour."""
    with atm_host(database_name, "--always-open") as port:
        yield port


@pytest.fixture
def line(db: None, host: int) -> Iterator[Open]:
    """`line()` is a connection that signed on; `line(signed=False)` one that did not."""
    with ExitStack() as stack:

        def opened(*, signed: bool = True, **changes: str | bytes) -> Line:
            made = Line(host, **changes)  # type: ignore[arg-type]
            stack.callback(made.close)
            return made.sign_on() if signed else made

        yield opened


@pytest.fixture
def stored(db: None) -> Callable[..., Asked]:
    """`stored("0220", bill)`: a message as a host left it that died right after storing it."""

    def leave(mti: str, bill: BillFacts) -> Asked:
        bank = object.__new__(Line)
        bank.code = CODE
        data = packed(mti, bank.payment(bill.epay_number, bill.amount))
        question = codec().read_kept(data, at=clock.now())
        with connection.cursor() as cursor:
            digest = hashlib.sha256(data).hexdigest()
            cursor.execute("SELECT payments_receive(%s, %s, %s, '{}')", [question.gateway, digest, data])
        return question

    return leave
