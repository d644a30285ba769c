"""ISO 8583 of the profile in docs/protocols/atm.md, to and from words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from payments.atm import bill_data
from payments.atm.fields import ECHOED, MESSAGES
from payments.atm.message import Message, build, is_authentic, parse
from payments.atm.words import Answer, Asked, Kind, Malformed, NotAuthentic

NETWORK: Final = {"001": Kind.SIGN_ON, "002": Kind.SIGN_OFF, "301": Kind.ECHO}
INQUIRY, PAYMENT = "38", "50"
FORWARDER: Final = "0" * 11


@dataclass(frozen=True)
class Echo:
    """What the answer repeats, and the key it is sealed with."""

    message: Message
    key: bytes


class Iso8583Codec:
    """`keys`: each bank's, the newest first; a message may come with any of them."""

    def __init__(self, *, keys: Mapping[str, Sequence[bytes]], zone: str, currency_number: str) -> None:
        self._keys = keys
        self._zone = ZoneInfo(zone)
        self._currency = currency_number

    def read(self, data: bytes, *, at: datetime) -> Asked:
        message = parse(data)
        keys = self._keys.get(message.fields.get(32, ""), ())
        key = next((key for key in keys if is_authentic(data, key=key)), None)
        if key is None:
            raise NotAuthentic(_nonsense(data, Echo(message, keys[0])) if keys and _answerable(message) else None)
        return self._understood(data, Echo(message, key), at)

    def read_kept(self, data: bytes, *, at: datetime) -> Asked:
        return self._understood(data, Echo(parse(data), b""), at)

    def write(self, asked: Asked, answer: Answer) -> bytes:
        echo: Echo = asked.echo
        told = {number: value for number, value in echo.message.fields.items() if number in ECHOED}
        told[39] = answer.code.value
        if asked.number and answer.bills:
            told[4] = f"{answer.bills[0].owed:012d}"
        if said := bill_data.write(answer, number=asked.number):
            told[_carrier(echo.message)] = said
        return build(Message(MESSAGES[echo.message.mti][0], told), key=echo.key)

    def _understood(self, data: bytes, echo: Echo, at: datetime) -> Asked:
        message = echo.message
        if not _answerable(message):
            raise Malformed("no message of the profile, or it can't be answered")
        try:
            return self._read_fields(data, echo, at)
        except ValueError:  # a Malformed, or a date that is none
            return _nonsense(data, echo)

    def _read_fields(self, data: bytes, echo: Echo, at: datetime) -> Asked:
        told = echo.message.fields
        _, needed, allowed = MESSAGES[echo.message.mti]
        if not needed <= told.keys() <= needed | allowed:
            raise Malformed("a field is missing, or one too many is there")
        if told.get(70):
            kind = NETWORK.get(told[70], Kind.NONSENSE)
            return Asked(kind, told[32], data, echo)
        kind = _kind(echo.message)
        wanted = bill_data.read(told.get(48) or told.get(62) or "")
        _check(kind, wanted, told, self._currency)
        return Asked(
            kind,
            told[32],
            data,
            echo,
            transaction=_transaction(kind, told, at),
            at=nearest(told[13] + told[12], zone=self._zone, to=at),
            amount=int(told[4]),
            number=wanted.get(bill_data.NUMBER, ""),
            payer=wanted.get(bill_data.PAYER_NUMBER, ""),
            page=int(wanted.get(bill_data.PAGE, "1")),
        )


def nearest(moment: str, *, zone: ZoneInfo | None = None, to: datetime) -> datetime:
    """MMDDhhmmss in the year that brings it nearest to `to`; UTC unless a zone is given. Raises `ValueError`.

    >>> nearest("1231235959", to=datetime(2027, 1, 1, tzinfo=UTC))
    datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)
    """
    found = []
    for year in (to.year - 1, to.year, to.year + 1):
        try:
            found.append(datetime.strptime(f"{year}{moment}", "%Y%m%d%H%M%S").replace(tzinfo=zone or UTC))
        except ValueError:
            continue  # 29 February of another year
    if not found:
        raise Malformed("a date that is none")
    return min(found, key=lambda candidate: abs(candidate - to)).astimezone(UTC)


def _answerable(message: Message) -> bool:
    return message.mti in MESSAGES and {7, 11, 32} <= message.fields.keys()


def _nonsense(data: bytes, echo: Echo) -> Asked:
    return Asked(Kind.NONSENSE, echo.message.fields[32], data, echo)


def _carrier(message: Message) -> int:
    return 62 if 62 in message.fields and 48 not in message.fields else 48


def _kind(message: Message) -> Kind:
    group, process = message.mti[:3], message.fields[3][:2]
    if group in {"040", "042"}:
        return Kind.REVERSAL
    if group == "022":
        return Kind.ADVICE if process == PAYMENT else Kind.NONSENSE
    return {INQUIRY: Kind.INQUIRY, PAYMENT: Kind.PAYMENT}.get(process, Kind.UNKNOWN)


def _check(kind: Kind, wanted: Mapping[str, str], told: Mapping[int, str], currency: str) -> None:
    """What belongs together; raises `Malformed`."""
    numbers = wanted.keys() & {bill_data.NUMBER, bill_data.PAYER_NUMBER}
    paged = bill_data.PAGE in wanted
    fits = {
        Kind.INQUIRY: len(numbers) == 1 and int(told[4]) == 0 and (not paged or bill_data.PAYER_NUMBER in wanted),
        Kind.PAYMENT: wanted.keys() == {bill_data.NUMBER} and int(told[4]) > 0,
        Kind.ADVICE: wanted.keys() == {bill_data.NUMBER} and int(told[4]) > 0 and told.get(39, "00") == "00",
        Kind.REVERSAL: int(told[4]) > 0,
    }.get(kind, True)
    if not fits or told[49] != currency or (48 in told and 62 in told) or (paged and int(wanted[bill_data.PAGE]) < 1):
        raise Malformed("fields that do not belong together")
    if kind == Kind.INQUIRY and {102, 103} & told.keys():
        raise Malformed("an inquiry moves no money")


def _transaction(kind: Kind, told: Mapping[int, str], at: datetime) -> str:
    """DE7 with its year, and DE11; a reversal's are those of the payment that it takes back (DE90)."""
    if kind != Kind.REVERSAL:
        return f"{nearest(told[7], to=at):%Y%m%d%H%M%S}-{told[11]}"
    original = told[90]
    if original[:4] not in {"0200", "0220"} or original[20:31] != told[32].zfill(11) or original[31:] != FORWARDER:
        raise Malformed("original data elements")
    return f"{nearest(original[10:20], to=at):%Y%m%d%H%M%S}-{original[4:10]}"
