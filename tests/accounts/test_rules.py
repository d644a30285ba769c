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
    NotACorporateNumber,
    NotAResidentNumber,
    birth_date,
    business_number,
    corporate_number,
    is_foreigner,
    resident_number,
)
from core import check_digits
from core.check_digits import business_check_digit, corporate_check_digit


@pytest.mark.parametrize("module", ["vault.numbers", "vault.keys", "identity.provider"])
def test_examples_in_docstrings_are_right(module: str) -> None:
    # What a refusal says depends on the reader's language.
    result = doctest.testmod(import_module(f"accounts.{module}"), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_examples_of_check_digits_are_right() -> None:
    assert doctest.testmod(check_digits).failed == 0


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


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_no_two_last_digits_fit_a_corporate_number(first_twelve: int) -> None:
    digits = f"{first_twelve:012d}"
    right = corporate_check_digit(digits)
    assert corporate_number(f"{digits[:6]}-{digits[6:]}{right}") == f"{digits}{right}"
    for other in set(range(10)) - {right}:
        with pytest.raises(NotACorporateNumber):
            corporate_number(f"{digits}{other}")


@given(st.text(max_size=60))
def test_no_text_is_more_than_refused(text: str) -> None:
    for check in (resident_number, business_number, corporate_number):
        try:
            check(text)
        except (NotAResidentNumber, NotABusinessNumber, NotACorporateNumber):
            continue


def test_an_app_above_knows_what_stands_on_paper_bills(db: None) -> None:
    assert paper_bills()(taxpayer_id=1, payment_number="1234567890123456789") is False
