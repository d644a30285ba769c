"""What is proposed to be blacked out, and what words are made of: pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.rules.redaction import BLACK, Known, blacked_out
from appeals.rules.words import found_by, stems_of, words_of

KNOWN = [
    Known(kind="name", value="홍길동"),
    Known(kind="sum", value="52000", counts=True),
    Known(kind="bill", value="1234567890123456789"),
    Known(kind="birth", value="1850-03-01"),
]


@pytest.mark.parametrize(
    "telling",
    [
        "홍길동", "홍 길 동", "52,000", "52000", "1234567-890123456-789", "1850. 03. 01", "12가3456", "서울12가 3456",
        "010-1234-5678", "500312-1234567", "someone@example.kr", "3억 2천만 원", "450,000원", "1,000 won",
        "세종대로 110", "101동 1203호", "123-45-67890", "５２，０００",
    ],
)  # fmt: skip
def test_what_tells_who_somebody_is_is_blacked_out(telling: str) -> None:
    text = blacked_out(f"신청인 {telling} 에게 부과하였다.", KNOWN)
    assert BLACK in text
    assert telling not in text
    assert text.startswith("신청인")
    assert text.endswith("부과하였다.")


def test_what_tells_nothing_stays() -> None:
    text = "지방세법 제124조와 제125조에 따라 2026년 12월 31일까지 152000회 신고하였다."
    assert blacked_out(text, KNOWN) == text


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_around_it_saves_a_name(before: str, after: str) -> None:
    assert "홍길동" not in blacked_out(f"{before}홍길동{after}", KNOWN)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("letter", ["1", "1,", "가", "1-", "a.", "@", " ", "1 ", "로1", "홍 ", "동 "])
def test_no_petition_keeps_the_clerk_waiting(letter: str) -> None:
    assert blacked_out(letter * 5_000, KNOWN) is not None


def test_words_are_taken_apart_alike_whoever_writes_them() -> None:
    assert {"자동차세", "부과", "처분", "팔다"} <= set(stems_of("자동차세부과처분 후에 차량을 팔았다."))
    assert stems_of("취득세를") == stems_of("취득세는") == ["취득세"]
    assert "처분은" in found_by("매도한 차량에 대한 자동차세부과처분은 위법하다.")
    assert words_of("  (취득세), VALUE! ") == ["취득세", "value"]
