"""The line at the foot of a paper bill: whatever a reader or a person gets wrong in it is found."""

from __future__ import annotations

from datetime import date

import pytest

from billing.rules.giro import GiroBand, UnreadableBand, read_band

BANDS = [
    GiroBand(number="9911000", epay_number="1111012609387420489", amount=52_000, until=date(2026, 6, 30)),
    GiroBand(number="0550949", epay_number="0505160527383838494", amount=50_094_905, until=date(2027, 9, 27)),
]


def is_read(digits: str) -> bool:
    try:
        read_band(digits)
    except UnreadableBand:
        return False
    return True


@pytest.mark.parametrize("band", BANDS, ids=str)
def test_every_digit_that_is_read_wrong_is_found(band: GiroBand) -> None:
    line = str(band).replace("+", "")
    assert read_band(line) == band
    wrong = [
        line[:place] + digit + line[place + 1 :]
        for place in range(len(line))
        for digit in "0123456789"
        if digit != line[place]
    ]
    assert len(wrong) == 9 * 51
    assert not any(map(is_read, wrong))


@pytest.mark.parametrize("band", BANDS, ids=str)
def test_every_two_neighbours_that_changed_places_are_found(band: GiroBand) -> None:
    """Also those that differ by five, which no weights modulo ten tell apart."""
    line = str(band).replace("+", "")
    wrong = [
        line[:place] + line[place + 1] + line[place] + line[place + 2 :]
        for place in range(len(line) - 1)
        if line[place] != line[place + 1]
    ]
    assert any({one[place : place + 2] for place in range(50)} & {"05", "50"} for one in wrong)
    assert not any(map(is_read, wrong))


@pytest.mark.parametrize(
    "text", ["", "9911000", "１" * 51, "0" * 51, "0" * 50, "0" * 52, "-" * 51, "\x00" * 51], ids=repr
)
def test_what_is_no_line_is_not_read(text: str) -> None:
    assert not is_read(text)
