"""Bytes that nobody should send: refused or dropped, never a crash, and the next bank is served."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import iso8583
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.atm.fields import SPEC
from payments.atm.frames import frames_of
from payments.atm.host import Host, Limits
from payments.atm.iso8583_codec import Iso8583Codec
from payments.atm.message import Message, build, parse
from payments.atm.words import Answer, Code, Malformed, NotAuthentic
from tests.payments.atm.bank import CODE, KEY, Line, element, packed, seal
from tests.payments.atm.conftest import Open
from tests.payments.cast import BillFacts, a_bill
from tests.support.live import CHECKOUT

CODEC = Iso8583Codec(keys={CODE: [KEY]}, zone="Asia/Seoul", currency_number="410")
AT = datetime(2026, 6, 16, 3, tzinfo=UTC)
COMMON = {3: "500000", 4: "000000052000", 7: "0616030000", 11: "000001", 12: "120000", 13: "0616", 32: CODE}
FIELDS = {**COMMON, 37: "000000000001", 41: "ATM00001", 48: element("01", "1" * 19), 49: "410"}
GOOD = build(Message("0200", FIELDS), key=KEY)


def sealed(data: bytes) -> bytes:
    """A bank whose program is wrong still seals what it sends."""
    return data[:-8] + seal(data[:-8], KEY)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_no_message(data: bytes) -> None:
    with pytest.raises((Malformed, NotAuthentic)):
        CODEC.read(data, at=AT)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 9), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(GOOD)),
    st.binary(max_size=4),
)
def test_a_message_gone_wrong_is_read_as_it_would_be_written_or_not_at_all(
    changes: list[tuple[int, int]], cut: int, more: bytes
) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    for variant in (bytes(data), bytes(data[:cut]), bytes(data) + more):
        try:
            asked = CODEC.read(sealed(variant), at=AT)
        except (Malformed, NotAuthentic):
            continue
        assert build(asked.echo.message, key=KEY) == asked.raw
        answer = CODEC.write(asked, Answer(Code.DONE, payer="홍*동", reference="PAY-0000000000000000"))
        assert parse(answer).fields[11] == asked.echo.message.fields[11]


@pytest.mark.parametrize(
    ("name", "value"), [("t", "ABCD"), ("4", "00000012A450"), ("48", "0" * 3 + "\n"), ("42", "\t")]
)
def test_what_the_library_takes_and_no_bank_may_send_is_refused(name: str, value: str) -> None:
    read, _ = iso8583.decode(GOOD, SPEC)
    read[name] = value.ljust(15) if name == "42" else value
    data, _ = iso8583.encode(read, SPEC)
    with pytest.raises(Malformed):
        CODEC.read(sealed(bytes(data)), at=AT)


@pytest.mark.parametrize("length", [b"0+3", b"1_0", b" 24", b"999"])
def test_a_length_is_digits_and_true(length: bytes) -> None:
    data = GOOD.replace(b"024010191", length + b"010191")
    with pytest.raises(Malformed):
        CODEC.read(sealed(data), at=AT)


def test_a_word_that_was_changed_on_the_way_is_nobodys() -> None:
    with pytest.raises(NotAuthentic):
        CODEC.read(GOOD.replace(b"000000052000", b"000000000001"), at=AT)
    with pytest.raises(NotAuthentic):
        Iso8583Codec(keys={}, zone="Asia/Seoul", currency_number="410").read(GOOD, at=AT)


def test_the_example_on_the_protocols_page_is_true() -> None:
    page = (CHECKOUT / "docs" / "protocols" / "atm.md").read_text()
    shown = bytes.fromhex(page.partition("## An example")[2].split("```")[1])
    assert frames_of(shown) == [build(Message("0800", {7: "0616030000", 11: "000001", 32: CODE, 70: "001"}), key=KEY)]


def test_while_a_key_is_changed_both_are_good_and_the_answer_has_the_askers() -> None:
    new = bytes(32)
    both = Iso8583Codec(keys={CODE: [new, KEY]}, zone="Asia/Seoul", currency_number="410")
    for key in (new, KEY):
        answer = both.write(both.read(build(Message("0200", FIELDS), key=key), at=AT), Answer(Code.NOT_FOUND))
        assert answer[-8:] == seal(answer[:-8], key)


# --- over real connections -------------------------------------------------------------------------------------------


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.mark.socket
def test_a_wrong_mac_ends_a_strangers_line_and_is_answered_on_a_banks(line: Open, bill: BillFacts) -> None:
    stranger = line(signed=False)
    stranger.send(packed("0800", stranger.network(1), key=bytes(32)))
    assert stranger.closed()
    bank = line()
    fields = bank.payment(bill.epay_number, 52_000)
    bank.send(packed("0200", fields, key=bytes(32)))
    assert bank.receive().code == "63"
    assert bank.ask("0200", fields).code == "00"
    bank.send(packed("0200", {**fields, 32: "020"}))
    assert bank.closed()


@pytest.mark.socket
def test_a_program_that_errs_five_times_is_cut_off(line: Open, bill: BillFacts) -> None:
    bank = line()
    wrong = bank.payment(bill.epay_number, 52_000, f49=840)
    assert [bank.ask("0200", wrong).code for _ in range(4)] == ["30"] * 4
    bank.send(packed("0200", wrong))
    assert bank.closed()


@pytest.mark.socket
def test_garbage_on_many_lines_leaves_the_host_serving(line: Open, bill: BillFacts) -> None:
    bank = line()
    for garbage in (
        b"\0\0",
        b"\xff\xff",
        b"\0\x14" + b"\xff" * 20,
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xfe" * 4000,
    ):
        rude = line(signed=False)
        rude.socket.sendall(garbage)
        assert rude.closed()
    half = line()
    half.socket.sendall(b"\0\x50" + b"0200")
    half.close()
    assert bank.ask("0200", bank.inquiry(element("01", bill.epay_number))).code == "00"


@pytest.fixture
def impatient() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


async def _with_host(limits: Limits, talk: object) -> None:
    assert callable(talk)
    with ThreadPoolExecutor(1) as pool:
        host = Host(codec=CODEC, teller=lambda asked: Answer(Code.NOT_FOUND), pool=pool, limits=limits)
        server = await host.listen(host="127.0.0.1", port=0)
        await asyncio.to_thread(talk, server.sockets[0].getsockname()[1])
        server.close()
        await host.close()


@pytest.mark.socket
@pytest.mark.parametrize("beginning", [b"", b"\0", b"\0\x50" + b"0800"])
def test_who_says_nothing_or_never_ends_is_cut_off(impatient: asyncio.Runner, beginning: bytes) -> None:
    def slowly(port: int) -> None:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as slow:
            slow.sendall(beginning)
            assert slow.recv(1) == b""

    impatient.run(_with_host(Limits(sign_on=0.1, frame=0.1), slowly))


@pytest.mark.socket
def test_more_connections_than_the_host_takes_are_closed_and_strangers_cannot_fill_it(
    impatient: asyncio.Runner,
) -> None:
    def crowd(port: int) -> None:
        banks = [Line(port).sign_on() for _ in range(3)]
        strangers = [Line(port) for _ in range(2)]
        refused = [Line(port), Line(port)]
        assert all(line.closed() for line in refused)
        assert banks[0].ask("0800", banks[0].network(301)).code == "00"
        for line in [*banks, *strangers, *refused]:
            line.close()

    impatient.run(_with_host(Limits(connections=5, strangers=2), crowd))


@pytest.mark.socket
def test_a_bank_that_goes_silent_is_let_go(impatient: asyncio.Runner) -> None:
    def silent(port: int) -> None:
        with closing(Line(port).sign_on().socket) as quiet:
            assert quiet.recv(1) == b""

    impatient.run(_with_host(Limits(idle=0.1), silent))
