"""The fields of the profile (docs/protocols/atm.md) as pyiso8583 wants them, and which messages have which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

MACS: Final = (64, 128)


@dataclass(frozen=True)
class Field:
    """`prefix`: digits of the length before the value, 0 for a fixed one. `form`: what the whole value matches."""

    longest: int
    form: re.Pattern[str]
    prefix: int = 0
    binary: bool = False

    def spec(self) -> dict[str, Any]:
        encoding = "b" if self.binary else "latin-1"
        return {
            "data_enc": encoding,
            "len_enc": "ascii",
            "len_type": self.prefix,
            "max_len": self.longest,
            "desc": "",
        }


def _digits(longest: int) -> Field:
    return Field(longest, re.compile(rf"[0-9]{{{longest}}}"))


def _text(longest: int, characters: str = r"[ -~]") -> Field:
    return Field(longest, re.compile(rf"{characters}{{{longest}}}"))


_DATA: Final = Field(999, re.compile(r"[ -~\x80-\xff]{1,999}"), prefix=3)
_ACCOUNT: Final = Field(28, re.compile(r"[ -~]{1,28}"), prefix=2)
_MAC: Final = Field(8, re.compile(r"[0-9A-F]{16}"), binary=True)
FIELDS: Final[dict[int, Field]] = {
    **{number: _digits(longest) for number, longest in ((3, 6), (4, 12), (7, 10), (11, 6), (12, 6), (13, 4))},
    **{number: _digits(longest) for number, longest in ((49, 3), (70, 3), (90, 42))},
    32: Field(11, re.compile(r"[0-9]{1,11}"), prefix=2),
    37: _text(12, "[A-Za-z0-9 ]"),
    39: _text(2, "[A-Za-z0-9]"),
    41: _text(8),
    42: _text(15),
    48: _DATA,
    62: _DATA,
    64: _MAC,
    102: _ACCOUNT,
    103: _ACCOUNT,
    128: _MAC,
}
SPEC: Final[dict[str, dict[str, Any]]] = {
    "h": {"data_enc": "ascii", "len_enc": "ascii", "len_type": 0, "max_len": 0, "desc": ""},
    "t": {"data_enc": "ascii", "len_enc": "ascii", "len_type": 0, "max_len": 4, "desc": ""},
    **{name: {"data_enc": "b", "len_enc": "ascii", "len_type": 0, "max_len": 8, "desc": ""} for name in ("p", "1")},
    **{str(number): field.spec() for number, field in FIELDS.items()},
}

_COMMON: Final = frozenset({7, 11, 32})
_TRANSACTION: Final = _COMMON | {3, 4, 12, 13, 37, 41, 49}
_CARRIERS: Final = frozenset({42, 48, 62})
# MTI: the answer's, what a request must have, what it may have besides (the MAC stands in all).
MESSAGES: Final[dict[str, tuple[str, frozenset[int], frozenset[int]]]] = {
    "0800": ("0810", _COMMON | {70}, frozenset()),
    "0200": ("0210", _TRANSACTION, _CARRIERS | {102, 103}),
    "0201": ("0210", _TRANSACTION, _CARRIERS | {102, 103}),
    "0220": ("0230", _TRANSACTION, _CARRIERS | {39, 102, 103}),
    "0221": ("0230", _TRANSACTION, _CARRIERS | {39, 102, 103}),
    "0400": ("0410", _TRANSACTION | {90}, _CARRIERS | {39, 102, 103}),
    "0401": ("0410", _TRANSACTION | {90}, _CARRIERS | {39, 102, 103}),
    "0420": ("0430", _TRANSACTION | {90}, _CARRIERS | {39, 102, 103}),
    "0421": ("0430", _TRANSACTION | {90}, _CARRIERS | {39, 102, 103}),
}
ECHOED: Final = frozenset({3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49, 70, 90})
