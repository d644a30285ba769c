"""Rules of numbers, as the law writes them and as people mistype them."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.ports import paper_bills
from accounts.vault.numbers import (
    NotABusinessNumber,
    NotAResidentNumber,
    birth_date,
    business_check_digit,
    business_number,
    is_foreigner,
    resident_number,
)


@pytest.mark.parametrize("module", ["vault.numbers", "vault.keys", "identity.provider"])
def test_examples_in_docstrings_are_right(module: str) -> None:
    # What a refusal says depends on the reader's language.
    result = doctest.testmod(import_module(f"accounts.{module}"), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("number", "year"),
    [
        ("0001019000000", 1800),
        ("9912310000000", 1899),
        ("0001011000000", 1900),
        ("9912312000000", 1999),
        ("0001013000000", 2000),
        ("2402294000000", 2024),
        ("8001015000000", 1980),
        ("0101018000000", 2001),
    ],
)
def test_the_seventh_digit_gives_the_century(number: str, year: int) -> None:
    assert birth_date(resident_number(number)).year == year


@pytest.mark.parametrize("seventh", "0123456789")
def test_foreigners_have_five_to_eight(seventh: str) -> None:
    assert is_foreigner(f"010101{seventh}000000") == (seventh in "5678")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "690302963560",
        "69030296356045",
        "690230-9635604",
        "2302294000000",
        "六九0302-9635604",
        "x" * 5000,
        "²" * 13,
    ],
)
def test_what_is_no_resident_number_is_refused(text: str) -> None:
    with pytest.raises(NotAResidentNumber):
        resident_number(text)


@pytest.mark.parametrize("hyphen", ["-", "–", "－", " ", ""])
def test_hyphens_and_spaces_of_any_kind_do_not_matter(hyphen: str) -> None:
    assert resident_number(f"690302{hyphen}9635604") == "6903029635604"


@given(st.integers(min_value=0, max_value=10**9 - 1), st.integers(min_value=0, max_value=9))
def test_one_last_digit_of_ten_is_right(first_nine: int, last: int) -> None:
    digits = f"{first_nine:09d}"
    number = f"{digits}{last}"
    if last == business_check_digit(digits):
        assert business_number(number) == number
    else:
        with pytest.raises(NotABusinessNumber):
            business_number(number)


@given(st.text(max_size=60))
def test_no_text_is_more_than_refused(text: str) -> None:
    for check in (resident_number, business_number):
        try:
            check(text)
        except (NotAResidentNumber, NotABusinessNumber):
            continue


def test_an_app_above_knows_what_stands_on_paper_bills(db: None) -> None:
    assert paper_bills()(taxpayer_id=1, payment_number="1234567890123456789") is False
