"""Every clock to the day, with its article; the published cases about late petitions."""

from __future__ import annotations

from datetime import date

import pytest

from appeals.rules.authority import NotHeardHere, authority_of
from appeals.rules.clocks import Clocks, Pause, ShorterWithoutConsent
from tests.billing.seoul import calendar, tables
from tests.billing.test_worked_examples import EXAMPLES
from tests.worked_examples.compare import check


@pytest.fixture(scope="module")
def clocks() -> Clocks:
    return Clocks(tables=tables(), calendar=calendar())


@pytest.mark.parametrize("name", ["Q01", "Q03"])
def test_the_published_cases_of_late_petitions_come_out(name: str, clocks: Clocks) -> None:
    example = EXAMPLES[name]
    assert check(example).word == "agrees"
    served = date.fromisoformat(example.facts["served"])
    last = clocks.to_file(served=served, way="tribunal")
    assert last.last_day.isoformat() == example.expected["last_day"]
    assert last.passed(date.fromisoformat(example.facts["filed"]))


def test_a_last_day_of_rest_moves_and_says_why(clocks: Clocks) -> None:
    found = clocks.to_file(served=date(2018, 6, 18))
    assert found.last_day == date(2018, 9, 17)
    assert [(step.code, step.article) for step in found.steps] == [
        ("days_after", "지방세기본법 제88조, 제90조, 제91조"),
        ("day_of_rest", "지방세기본법 제24조"),
    ]


def test_a_fine_has_its_own_sixty_days(clocks: Clocks) -> None:
    found = clocks.to_object(served=date(2026, 4, 1))
    assert found.last_day == date(2026, 6, 1)  # 31 May is a Sunday
    assert [(step.code, step.article) for step in found.steps] == [
        ("days_after", "질서위반행위규제법 제20조, 제21조"),
        ("day_of_rest", "민법 제161조"),
    ]
    assert clocks.to_object(served=date(2026, 4, 2)).last_day == date(2026, 6, 1)


def test_who_was_hindered_has_fourteen_days_after_it_ended(clocks: Clocks) -> None:
    served = date(2026, 3, 2)
    assert clocks.to_file(served=served).last_day == date(2026, 6, 1)  # 31 May is a Sunday
    assert clocks.to_file(served=served, hindered_until=date(2026, 6, 10)).last_day == date(2026, 6, 24)
    assert clocks.to_file(served=served, hindered_until=date(2026, 3, 10)).last_day == date(2026, 6, 1)


def test_mending_stops_the_clock_of_the_decision(clocks: Clocks) -> None:
    received = date(2026, 7, 1)
    assert clocks.to_decide(received=received).last_day == date(2026, 9, 29)
    asked = date(2026, 7, 6)
    mend = clocks.to_correct(asked=asked)
    assert mend.last_day == date(2026, 7, 27)  # the 20th day, 26 July, is a Sunday
    found = clocks.to_decide(received=received, pauses=[Pause(begins=asked, ends=mend.last_day)])
    assert found.last_day == date(2026, 10, 20)
    assert [step.code for step in found.steps] == ["days_after", "not_counted"]
    # Mended on the third day, only three don't count: 2 October is a Friday on which people work.
    sooner = clocks.to_decide(received=received, pauses=[Pause(begins=asked, ends=date(2026, 7, 9))])
    assert sooner.last_day == date(2026, 10, 2)


def test_fewer_days_to_mend_only_with_consent(clocks: Clocks) -> None:
    asked = date(2026, 7, 1)
    with pytest.raises(ShorterWithoutConsent):
        clocks.to_correct(asked=asked, days=7)
    assert clocks.to_correct(asked=asked, days=7, agreed=True).last_day == date(2026, 7, 8)
    assert clocks.to_correct(asked=asked, days=30).last_day == date(2026, 7, 31)


def test_answer_tribunal_and_re_examination(clocks: Clocks) -> None:
    assert clocks.to_answer(sent=date(2026, 7, 1)).last_day == date(2026, 7, 13)  # the tenth day is a Saturday
    assert clocks.to_tribunal(after=date(2026, 7, 1)).last_day == date(2026, 9, 29)
    assert clocks.to_reexamine(decided=date(2026, 7, 1)).last_day == date(2026, 8, 31)  # 30 August is a Sunday


def test_a_hearing_is_told_three_days_before_and_earlier_where_that_is_a_day_of_rest(clocks: Clocks) -> None:
    assert clocks.to_notify(hearing=date(2026, 7, 9)).last_day == date(2026, 7, 6)
    found = clocks.to_notify(hearing=date(2026, 7, 8))
    assert found.last_day == date(2026, 7, 3)  # three days before is a Sunday
    assert found.steps[-1].code == "day_of_rest"


@pytest.mark.parametrize(
    ("tax", "level"),
    [("automobile", "city"), ("acquisition", "city"), ("property", "district"), ("registration_licence", "district")],
)
def test_the_mayor_hears_of_city_taxes_and_the_district_of_its_own(tax: str, level: str) -> None:
    found = authority_of(tax=tax, on=date(2026, 7, 1), tables=tables())
    assert (found.level, found.article) == (level, "지방세기본법 제90조")


@pytest.mark.parametrize("tax", ["parking_fine", "water", "rural_special"])
def test_what_nobody_here_hears_is_refused_by_name(tax: str) -> None:
    with pytest.raises(NotHeardHere, match=tax):
        authority_of(tax=tax, on=date(2026, 7, 1), tables=tables())
