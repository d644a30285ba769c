"""A bank's host, its messages built by an ISO 8583 library of another maker (py8583) and sealed by hand."""

from __future__ import annotations

import itertools
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from py8583.py8583 import DT, LT, Iso8583
from py8583.py8583spec import IsoSpec1987ASCII

KEY: Final = bytes(range(32))
CODE: Final = "088"
SEOUL: Final = ZoneInfo("Asia/Seoul")
PATIENCE: Final = 15.0
Fields = dict[int, Any]


def specification() -> IsoSpec1987ASCII:
    spec = IsoSpec1987ASCII()
    spec.DataType(1, DT.BIN)
    for number in (64, 128):  # the library wants hexadecimal digits there; as text it takes the bytes
        spec.ContentTypes[number] = {"ContentType": "an", "MaxLen": 8, "LenType": LT.FIXED}
        spec.DataType(number, DT.ASCII)
    for number in (37, 39, 41, 42, 48, 62):
        spec.ContentTypes[number]["ContentType"] = "ans"
    spec.ContentTypes[90] = {"ContentType": "an", "MaxLen": 42, "LenType": LT.FIXED}
    return spec


SPEC: Final = specification()


def seal(data: bytes, key: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(data)
    return mac.finalize()[:8]


def packed(mti: str, fields: Fields, *, key: bytes = KEY) -> bytes:
    message = Iso8583(IsoSpec=SPEC)
    message.MTI(mti)
    place = 128 if max(fields) > 64 else 64
    for number, value in {**fields, place: "\0" * 8}.items():
        message.Field(number, 1)
        message.FieldData(number, value)
    unsealed: bytes = message.BuildIso()[:-8]
    return unsealed + seal(unsealed, key)


@dataclass(frozen=True)
class Answer:
    """`data` is as it came; text fields are read by the other library."""

    data: bytes
    mti: str
    fields: Fields

    @property
    def code(self) -> str:
        return str(self.fields[39])

    @property
    def elements(self) -> list[tuple[str, str]]:
        """Bill data, Korean decoded."""
        raw, found = str(self.fields.get(48) or self.fields.get(62) or "").encode("latin-1"), []
        while raw:
            size = int(raw[2:5])
            found.append((raw[:2].decode(), raw[5 : 5 + size].decode("euc-kr")))
            raw = raw[5 + size :]
        return found


def unpacked(data: bytes, *, key: bytes = KEY) -> Answer:
    assert seal(data[:-8], key) == data[-8:], "the city's MAC does not fit"
    read = Iso8583(IsoMsg=data, IsoSpec=SPEC)
    present = [number for number, there in read.Bitmap().items() if there and number != 1]
    return Answer(data, read.MTI(), {number: read.FieldData(number) for number in present})


def element(tag: str, value: str) -> str:
    return f"{tag}{len(value):03d}{value}"


_stans = itertools.count(1)


@dataclass
class Line:
    """One connection to the city's host."""

    port: int
    code: str = CODE
    key: bytes = KEY
    socket: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def send(self, message: bytes) -> None:
        self.socket.sendall(len(message).to_bytes(2, "big") + message)

    def receive(self) -> Answer:
        size = int.from_bytes(self._exactly(2), "big")
        return unpacked(self._exactly(size), key=self.key)

    def ask(self, mti: str, fields: Fields) -> Answer:
        self.send(packed(mti, fields, key=self.key))
        return self.receive()

    def sign_on(self) -> Line:
        assert self.ask("0800", self.network(1)).code == "00"
        return self

    def closed(self) -> bool:
        """Whether the city hangs up without another word."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def network(self, code: int) -> Fields:
        return {**self.common(), 70: code}

    def common(self) -> Fields:
        return {7: int(datetime.now(UTC).strftime("%m%d%H%M%S")), 11: next(_stans), 32: self.code}

    def payment(self, number: str, amount: int, **changes: Any) -> Fields:
        """Fields of a 0200 or 0220; `changes` by number as `f4=…`, None leaves one out."""
        return self._transaction("500000", amount, element("01", number), changes)

    def inquiry(self, data: str, **changes: Any) -> Fields:
        return self._transaction("380000", 0, data, changes)

    def reversal(self, of: Fields, *, mti: str = "0200") -> Fields:
        original = f"{mti}{of[11]:06d}{of[7]:010d}{self.code:0>11}{'0' * 11}"
        kept = {number: of[number] for number in (3, 4, 12, 13, 37, 41, 49)}
        return {**self.common(), **kept, 90: original}

    def _transaction(self, process: str, amount: int, data: str, changes: dict[str, Any]) -> Fields:
        here = datetime.now(SEOUL)
        fields = {
            **self.common(),
            3: int(process),
            4: amount,
            12: int(here.strftime("%H%M%S")),
            13: int(here.strftime("%m%d")),
            37: "000000000001",
            41: "ATM00001",
            48: data,
            49: 410,
        }
        fields |= {int(name[1:]): value for name, value in changes.items()}
        return {number: value for number, value in fields.items() if value is not None}

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise ConnectionError("the city hung up")
            data += piece
        return data

    def close(self) -> None:
        self.socket.close()
