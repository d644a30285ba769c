"""Published answers, and answers reckoned by hand from the articles: every row names its source."""

from __future__ import annotations

import csv
import doctest
import io
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.worked_examples.__main__ import main
from tests.worked_examples.compare import Outcome, answer_of, check
from tests.worked_examples.reading import COLUMNS, Example, read_examples

FILE = Path(__file__).parent / "data" / "worked_examples.csv"
EXAMPLES = {example.id: example for example in read_examples(FILE)}
BY_THE_ARTICLE = {example.id: example for example in read_examples(FILE.with_name("by_the_article.csv"))}
# Figures that a source printed and the statute contradicts: decree article 126 (a new car pays by the days of the
# year), article 151 (education tax on what remains payable), article 111-2, article 146 paragraph 4 (on the base).
WRONG = {"A13": ("car", 85_080), "P09": ("pay", 372_170), "R10": ("property", 280_000), "R18": ("tax", 572_300)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_published_answer_comes_out(name: str) -> None:
    outcome = check(EXAMPLES[name])
    assert (outcome.word, outcome.detail) == ("agrees", outcome.detail)


@pytest.mark.parametrize("name", BY_THE_ARTICLE)
def test_what_the_article_gives_at_a_border_comes_out(name: str) -> None:
    assert check(BY_THE_ARTICLE[name]) == Outcome(word="agrees")


def test_the_file_holds_sixty_examples_of_every_rule_with_their_sources() -> None:
    assert len(EXAMPLES) == 60
    assert {name[0] for name in EXAMPLES} == set("APRLFSDQCIN")
    assert all(example.source for example in EXAMPLES.values())


@pytest.mark.parametrize("name", WRONG)
def test_where_a_published_figure_is_wrong_the_statute_wins(name: str) -> None:
    key, published = WRONG[name]
    found = answer_of(EXAMPLES[name])(EXAMPLES[name])
    assert found[key] == EXAMPLES[name].expected[key] != published


def example(tax: str, when: str, facts: dict[str, Any], expected: dict[str, Any]) -> Example:
    return Example(id="X", tax=tax, when=when, facts=facts, expected=expected)


@pytest.mark.parametrize(
    ("tax", "when", "facts", "expected"),
    [
        ("자동차세", "2026", {"type": "승합-대형일반", "use": "비영업", "period": "year"}, {"car_year": 115_000}),
        ("자동차세", "2026", {"type": "승용-전기", "use": "비영업"}, {"car_year": 100_000, "edu_year": 30_000}),
        ("자동차세", "2026", {"cc": 2000, "first_reg": "2020-09-01", "half": 2}, {"age": 7, "car": 150_000}),
        ("자동차세", "2026", {"cc": 998, "age": 5, "period": "half"}, {"car": 33_930, "edu": 10_170, "total": 44_100}),
        ("자동차세 일할", "2026", {"cc": 2000, "age": 7, "half": 1, "scrapped": "2026-03-31"}, {"car": 74_580}),
        ("자동차세", "2026-06", {"cc": 1600, "age": 20, "period": "year"}, {"car_year": 112_000, "total": 145_600}),
        ("자동차세 연납", "2023-01", {"cc": 2000, "age": 1, "month": 1}, {"discount_car": 25_620}),
        ("자동차세 연납", "2026-09", {"cc": 2000, "age": 1, "month": 9}, {"discount_car": 5_000}),
        ("자동차세 연납", "2024-01", {"cc": 2000, "age": 1, "month": 1}, {"discount_car": 18_300}),
        ("재산세(주택)", "2022-06-01", {"price": 350_000_000, "one_house": True}, {"base": 157_500_000}),
        (
            "재산세(주택)",
            "2024",
            {"price": 200_000_000, "special_rate": True},
            {"base": 120_000_000, "property": 90_000},
        ),
        (
            "재산세(주택)",
            "2024",
            {"price": 200_000_000, "one_house": True, "special_rate": False},
            {"property": 99_000},
        ),
        ("재산세(건축물)", "2026", {"value": 500_000_000}, {"base": 350_000_000, "property": 875_000, "edu": 175_000}),
        ("재산세(주택)", "2026", {"base": 86_000_000, "one_house": True}, {"property": 56_000, "urban": 120_400}),
        (
            "재산세(토지)",
            "2026",
            {"value": 200_000_000, "kind": "종합합산"},
            {"base": 140_000_000, "property": 450_000},
        ),
        ("재산세(토지) 별도합산", "2026", {"base": 300_000_000}, {"base": 300_000_000, "property": 700_000}),
        ("지역자원시설세(소방)", "2026", {"base": 39_000_000}, {"tax": 24_100, "x2": 48_200, "x3": 72_300}),
        ("재산세 분할납부", "2026-09", {"property": 8_000_000}, {"deferred_max": 4_000_000}),
        ("재산세 분할납부", "2019-09", {"property": 4_000_000}, {"deferred_max": 0}),
        ("가산금", "<=2018", {"tax": 1_000_000, "full_months_late": 10}, {"surcharge": 150_000}),
        (
            "납부지연가산세",
            "2024+",
            {"parts": {"car": 500_000, "edu": 150_000}, "full_months_late": 1},
            {"surcharge_car": 18_300, "surcharge_edu": 4_500, "surcharge": 22_800},
        ),
        ("납부지연가산세(신고납부)", "2020", {"tax": 1_000_000, "days": 10}, {"surcharge": 2_500}),
        ("납부지연가산세(신고납부)", "2024+", {"tax": 1_000_000, "days": 4000}, {"surcharge": 750_000}),
        (
            "환급가산금",
            "2023-03-31",
            {"refund": 3_650_000, "paid": "2023-03-09", "decided": "2023-03-31", "cause": "착오납부"},
            {"interest": 1_200 + 3_480},
        ),
        (
            "환급가산금",
            "2025",
            {"refund": 1_000_000, "paid": "2024-07-31", "decided": "2025-07-31", "cause": "고충민원"},
            {"interest": 0},
        ),
        (
            "주민세 사업소분",
            "2025-08",
            {"kind": "법인", "capital": 6_000_000_000, "area_m2": 1000},
            {"base": 200_000, "edu": 50_000, "area": 250_000, "total": 500_000},
        ),
        ("납기 연장(휴일)", "2017", {"nominal": "2017-12-31"}, {"due": "2018-01-02"}),
        ("납기 연장(휴일)", "2020", {"nominal": "2020-09-30"}, {"due": "2020-10-05"}),
        (
            "환급가산금",
            "2013",
            {"refund": 36_500_000, "paid": "2013-02-22", "decided": "2013-03-01"},
            {"interest": 24_000 + 3_400},  # six days at 4.0 percent, the first of March at 3.4
        ),
        ("납기 연장(휴일)", "2027", {"nominal": "2027-05-01"}, {"due": "2027-05-04"}),
        ("심판청구 기한", "2025", {"served": "2025-07-07", "filed": "2025-10-10"}, {"last_day": "2025-10-10"}),
        (
            "전자송달 공제",
            "2026-06",
            {"bill_car": 100_000, "edu": 30_000, "e_notice": False, "autopay": False},
            {"pay": 130_000},
        ),
        (
            "전자납부번호",
            "-",
            {"epay_no": "11110-1-26-09-387420489"},
            {"inst": "11110", "kind": "1", "serial": "387420489"},
        ),
    ],
)
def test_other_examples_of_the_same_form_are_understood(
    tax: str, when: str, facts: dict[str, Any], expected: dict[str, Any]
) -> None:
    outcome = check(example(tax, when, facts, expected))
    assert (outcome.word, outcome.detail) == ("agrees", "")


@pytest.mark.parametrize(
    ("tax", "facts", "expected", "reason"),
    [
        ("재산세(주택)", {"price": 500_000_000}, {"colour": 1}, "nothing computes colour"),
        ("지방소비세", {"paid": 1}, {"tax": 1}, "no rules for '지방소비세'"),
        ("지방소비세", {"base": 100_000_000}, {"tax": 250_000}, "no rules for '지방소비세'"),
        ("환경개선부담금", {"value": 1_000_000}, {"tax": 2_500}, "no rules for '환경개선부담금'"),
        ("수도요금", {"price": 100_000}, {"tax": 250}, "no rules for '수도요금'"),
        ("지역자원시설세(특정자원)", {"base": 64_000_000}, {"tax": 49_100}, "no rules for"),
        ("재산세(주택)", {"price": 500_000_000, "share": 50}, {"property": 570_000}, "no rule asks for share"),
        ("지방소득세(양도소득)", {"base": 50_000_000}, {"tax": 624_000}, "rates of its own"),
        ("취득세(증여 주택)", {"price": 500_000_000, "regulated": True}, {"tax": 17_500_000}, "was not read"),
        ("담배소비세(전자담배)", {"quantity": 100}, {"tax": 5_035}, "only of cigarettes"),
        ("납부지연가산세", {"tax": 5, "parts": {"car": 4}, "full_months_late": 1}, {"surcharge": 0}, "are not the tax"),
        ("취득세", {"base": 1_000_000}, {"tax": 1}, "doesn't say what was acquired"),
        ("취득세(주택)", {"homes": 2}, {"tax": 1}, "doesn't name 'price'"),
        ("자동차세", {"type": "선박"}, {"car": 1}, "no vehicle of the type"),
        ("재산세(주택)", {"price": "much"}, {"base": 1}, "price: 'much' is no number"),
        ("재산세(주택)", {"price": -1}, {"base": 0}, "price: -1 is below zero"),
        ("재산세(주택)", {"price": 1.5}, {"base": 0}, "price: 1.5 is no whole number"),
        ("재산세(주택)", {"price": 1, "one_house": "perhaps"}, {"base": 0}, "neither yes nor no"),
        ("재산세(주택)", {"price": 1, "Price": 2}, {"base": 0}, "price stands there twice"),
        ("자동차세", {"cc": True}, {"car": 1}, "cc: True is no number"),
        ("자동차세", {"cc": float("nan")}, {"car": 1}, "cc: nan is no number"),
        ("자동차세", {"cc": 2000, "age": 0}, {"car": 1}, "age: 0 is not above zero"),
        ("자동차세", {"cc": 2000, "half": 3}, {"car": 1}, "not 3"),
        ("자동차세", {"cc": 2000, "use": "임대"}, {"car": 1}, "neither 영업 nor 비영업"),
        ("자동차세", {"cc": 2000, "first_reg": "2020-02-30"}, {"car": 1}, "first_reg: '2020-02-30' is no day"),
        ("자동차세 연납", {"cc": 2000, "month": 13}, {"car": 1}, "month: 13 is no month"),
        (
            "연납 환급",
            {"cc": 2000, "age": 7, "scrapped": "2026-03-31", "paid": 372_160},
            {"refund": 1},
            "with discount",
        ),
        ("가산세", {"parts": [1, 2]}, {"surcharge": 0}, "parts: [1, 2] names no parts"),
        ("가산세", {"full_months_late": 2}, {"surcharge": 0}, "doesn't name 'tax'"),
        ("심판청구", {"served": "9999-12-31"}, {"last_day": "9999-12-31"}, "OverflowError"),
        ("납기", {"nominal": "2013-12-31"}, {"due": "2013-12-31"}, "no holidays known before 2014-01-01"),
        ("주민세", {"city": "부산"}, {"base": 1}, "no ordinance of 부산"),
    ],
)
def test_what_no_rule_covers_is_said_to_be_so(
    tax: str, facts: dict[str, Any], expected: dict[str, Any], reason: str
) -> None:
    outcome = check(example(tax, "2026-06-01", facts, expected))
    assert outcome.word == "not covered"
    assert reason in outcome.detail


@pytest.mark.parametrize(
    ("tax", "when", "facts", "expected"),
    [
        (" 자동차세", "2026년 6월", {" CC": "2,000cc", "Age": "3", "use": "자가용"}, {"Car_year": "380,000원"}),
        ("자동차세", "2026.6.1", {"cc": 2000.0, "first_reg": "2020. 9. 1.", "half": "하반기"}, {"car": 150_000.0}),
        ("자동차세", "2026", {"cc": 1000, "age": 1, "load_kg": None, "use": "Business"}, {"car_year": 18_000}),
        ("자동차세", "2026", {"type": "전세버스-대형", "use": "영업용"}, {"car_year": 70_000}),
        ("재산세(주택)", "2026", {"price": "500 000 000 won", "one_house": "아니오"}, {"property": "570000"}),
        ("재산세(주택)", "2026", {"price": 350_000_000, "ratio": "60%"}, {"base": 210_000_000}),
        ("재산세", "2026", {"price": 500_000_000, "kind": "건축물"}, {"property": 875_000}),
        ("지역자원시설세", "2026", {"base": 64_000_000, "kind": "대형 화재위험"}, {"tax": 147_300}),
        (
            "납부지연가산세(신고납부)",
            "2024+",
            {"tax": 1_000_000, "days": 10, "rate_per_day": 0.00022},
            {"surcharge": 2_200},
        ),
        ("납부지연가산세", "2024+", {"tax": 1_000_000, "full_months_late": 10**9}, {"surcharge": 426_000}),
        ("자동차세 일할", "2026", {"cc": 2000, "first_reg": "2026-04-15"}, {"car": 84_380}),
        ("자동차세", "2026-12-01", {"cc": 2000, "first_reg": "2020-09-01", "period": "half"}, {"car": 150_000}),
        ("자동차세", "2026-06-01", {"cc": 1997, "age": 10}, {"car": 119_820, "edu": 35_940, "total": 155_760}),
        (
            "환급가산금",
            "2025",
            {
                "refund": 1_000_000,
                "paid": "2025-01-31",
                "decided": "2025-05-31",
                "scrapped": "2025-04-30",
                "cause": "폐차",
            },
            {"interest": 2_630},  # the 31 days of May at 3.1 percent
        ),
        ("납기", "2024", {"nominal": 20240831}, {"due": "2024.9.2"}),
        ("전자송달 공제", "2026", {"bill_car": 100_000, "e_notice": "true", "autopay": "n"}, {"credit": 800}),
        ("전자납부번호", "-", {"epay_no": 4831022341510664999}, {"inst": 48310, "kind": 2}),
        ("취득세(승용차)", "2026", {"price": 30_000_000}, {"tax": 2_100_000, "edu": 0, "total": 2_100_000}),
        ("지방소득세(법인)", "2026", {"base": 300_000_000}, {"tax": 4_000_000}),
        ("지방소득세", "2026", {"base": 50_000_000}, {"tax": 624_000}),
        ("레저세", "2026-05", {"base": 1_234_560}, {"tax": 123_450, "edu": 49_380, "rural": 24_690}),
        ("담배소비세", "2026-05", {"packs": 100}, {"tax": 100_700, "edu": 44_290}),
        ("등록면허세(면허분)", "2026-01", {"class": "제3종"}, {"tax": 40_500}),
        ("등록면허세(등록) 저당권", "2026-05", {"base": 100_000_000}, {"tax": 200_000, "edu": 40_000}),
        ("주민세 종업원분", "2026-03", {"payroll": 180_000_200}, {"tax": 900_000}),
        ("재산세(선박)", "2026", {"value": 100_000_000}, {"base": 100_000_000, "property": 300_000, "edu": 60_000}),
        ("재산세(항공기)", "2026", {"base": 1_000_000_000}, {"property": 3_000_000}),
        ("재산세(건축물)", "2026", {"value": 100_000_000, "kind": "골프장"}, {"property": 2_800_000}),
        ("과태료 가산금", "2026", {"tax": 1_000_000, "full_months_late": 2}, {"surcharge": 54_000}),
        ("무신고가산세", "2026", {"tax": 1_000_000}, {"penalty": 200_000}),
        ("과소신고가산세(부정)", "2026", {"tax": 1_000_000}, {"penalty": 400_000}),
        ("주정차 과태료(어린이보호구역)", "2026-03-02", {"type": "승용", "two_hours": True}, {"tax": 130_000}),
        ("버스전용차로 과태료", "2026-03-02", {"type": "승합"}, {"tax": 60_000}),
    ],
)
def test_a_row_is_understood_however_it_writes_its_values(
    tax: str, when: str, facts: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert check(example(tax, when, facts, expected)) == Outcome(word="agrees")


def written(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = COLUMNS) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)


def row(name: str, expected: dict[str, Any]) -> tuple[str, ...]:
    return (name, "재산세(주택)", "2026-06-01", '{"price": 500000000}', json.dumps(expected), "nobody", "none")


def test_the_command_prints_each_row_and_fails_where_one_differs_or_is_not_covered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agreeing = row("B1", {"base": 300_000_000, "note": "a word"})
    assert main([written(tmp_path / "good.csv", agreeing)]) == 0
    wrong = row("B2", {"base": 300_000_000, "property": 1})
    assert main([written(tmp_path / "bad.csv", agreeing, wrong)]) == 1
    assert main([written(tmp_path / "unknown.csv", row("B3", {"colour": 1}))]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "B1: agrees",
        "1 agrees, 0 differs, 0 not covered",
        "B1: agrees",
        "B2: differs: property: expected 1, computed 570,000",
        "1 agrees, 1 differs, 0 not covered",
        "B3: not covered: nothing computes colour",
        "0 agrees, 0 differs, 1 not covered",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "these columns are missing"),
        (b"id,tax,date,input_json\n", "these columns are missing: expected_json"),
        (b"id,tax,date,input_json,expected_json\n", "holds no examples"),
        (b'id,tax,date,input_json,expected_json\nA,"B', "unexpected end of data"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(
    content: bytes, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "examples.csv"
    file.write_bytes(content)
    assert main([str(file)]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("A,B,2026,{,{}", "A: not covered: line 2: input_json"),
        ("A,B,2026,{},[]", "A: not covered: line 2: expected_json: not an object"),
        ("A,B,2026,{}", "A: not covered: line 2: another number of cells"),
        ("A,B,2026,{},{},more", "A: not covered: line 2: another number of cells"),
        (",B,2026,{},{}", "line 2: not covered: line 2: the row has no id"),
        (f"A,B,2026,{'[' * 90_000}{']' * 90_000},{{}}", "A: not covered: line 2: input_json"),
        (f"A,B,2026,{'9' * 5_000},{{}}", "A: not covered: line 2: input_json"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_the_others_are_computed(
    line: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "examples.csv"
    good = 'G,재산세(주택),2026,"{""price"": 500000000}","{""base"": 300000000}"'
    file.write_text(f"\ufeff ID ,Tax,date,input_json,expected_json\r\n{line}\r\n\r\n{good}\r\n", encoding="utf-8")
    assert main([str(file)]) == 1
    first, second, sums = capsys.readouterr().out.splitlines()
    assert first.startswith(complaint)
    assert (second, sums) == ("G: agrees", "1 agrees, 0 differs, 1 not covered")


def test_a_file_that_is_not_there_or_not_named_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing.csv")]) == 2
    assert main([]) == 2
    assert "FILE.csv" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["keys", "values", "vehicles"])
def test_examples_in_the_texts_hold(name: str) -> None:
    assert doctest.testmod(import_module(f"tests.worked_examples.{name}")).failed == 0
