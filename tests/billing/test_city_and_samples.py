from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import LevyingBody
from billing.models import DatedTable, DueDateOverride, Holiday, TaxType
from billing.rules.automobile_roll import COLUMNS
from billing.rules.cells import wrong_cells
from billing.rules.columns import Expected
from billing.rules.columnwise import assess_columns
from billing.rules.payers import birth_date
from billing.rules.property_roll import HOUSING
from billing.rules.roll_file import CsvRoll
from billing.rules.roll_parquet import ParquetRoll
from billing.sample_people import sample_person
from billing.sample_roll import sample_rows
from billing.selectors.city import city_calendar, dated_tables
from billing.services import BadCityPack, load_city

pytestmark = pytest.mark.usefixtures("db")
DISTRICTS = ("11110", "11140")


def counts() -> list[int]:
    return [model.objects.count() for model in (LevyingBody, TaxType, DatedTable, Holiday, DueDateOverride)]


def test_loading_the_pack_again_changes_nothing() -> None:
    before = counts(), sorted(DatedTable.objects.values_list("pk", flat=True))
    call_command("load_city", "seoul", verbosity=0)
    assert (counts(), sorted(DatedTable.objects.values_list("pk", flat=True))) == before
    assert LevyingBody.objects.filter(kind="district").count() == 25


def test_a_rate_that_left_the_pack_leaves_the_database() -> None:
    DatedTable.objects.create(name="invented", valid_from=date(2020, 1, 1), article="none", body={})
    load_city(city="seoul")
    assert not DatedTable.objects.filter(name="invented").exists()


def test_the_loaded_calendar_moves_due_dates() -> None:
    calendar = city_calendar(tables=dated_tables(), on=date(2026, 1, 1))
    assert calendar.due_date(nominal=date(2025, 9, 30), tax="property") == date(2025, 10, 15)
    assert calendar.due_date(nominal=date(2026, 2, 16), tax="automobile") == date(2026, 2, 19)


def test_an_unknown_city_is_named() -> None:
    with pytest.raises(CommandError, match="atlantis"):
        call_command("load_city", "atlantis", verbosity=0)


@override_settings(TIME_ZONE="Europe/Berlin")
def test_a_pack_with_another_clock_than_the_settings_is_refused() -> None:
    with pytest.raises(BadCityPack, match="time zone"):
        load_city(city="seoul")


def test_a_sample_roll_is_the_same_every_time_and_its_people_were_born_in_the_1800s(tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        call_command("make_roll", rows=300, out=file, verbosity=0)
    assert files[0].read_bytes() == files[1].read_bytes()
    rows = list(csv.DictReader(files[0].read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == list(COLUMNS)
    assert all(born and born.year < 1900 for born in (birth_date(row["resident_number"]) for row in rows))
    assert {row["resident_number"][7] for row in rows} == {"9", "0"}
    assert len({row["district_code"] for row in rows}) == 25
    assert all(row["email"].endswith("@example.kr") for row in rows)


def test_no_two_invented_people_or_vehicles_share_a_number() -> None:
    numbers = {sample_person(person=person, seed=1)[1] for person in range(20_000)}
    assert len(numbers) == 20_000
    plates = [
        row[5] for seed in (1, 2) for row in sample_rows(count=2000, year=2026, half=1, districts=DISTRICTS, seed=seed)
    ]
    assert len(set(plates)) == 4000


@pytest.mark.parametrize("rows", [0, 5_000_001])
def test_a_roll_of_a_senseless_size_is_refused(tmp_path: Path, rows: int) -> None:
    with pytest.raises(CommandError, match="--rows"):
        call_command("make_roll", rows=rows, out=tmp_path / "x.csv", verbosity=0)


@pytest.mark.parametrize("half", [1, 2])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_sample_roll_of_houses_can_be_billed_row_by_row(tmp_path: Path, half: int, suffix: str) -> None:
    out = tmp_path / f"houses{suffix}"
    call_command("make_roll", rows=400, out=out, tax="housing", half=half, verbosity=0)
    term = HOUSING.term(year=2026, number=half, tables=dated_tables())
    with out.open("rb") as file:
        opened = (ParquetRoll if suffix == ".parquet" else CsvRoll)(file, HOUSING.column_names, HOUSING.optional_names)
        (chunk,) = opened.chunks()
    expected = Expected(term=term, bodies=set(chunk.cells["district_code"]))
    assert (wrong_cells(chunk, kind=HOUSING, expected=expected), opened.problems) == ([], [])
    assert assess_columns(chunk.cells, kind=HOUSING, term=term, tables=dated_tables()).refused == {}
    assert len(set(chunk.cells["property_id"])) == len(chunk) == 400
