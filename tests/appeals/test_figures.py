"""Figures are told once a year, and nobody is told with them; an office reads what became of its levies."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from io import StringIO
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from ortools.sat.python import cp_model

from accounts.access import Role
from appeals.models import Figure
from appeals.rules.figures import ALL, Tables, sums_withheld, withheld
from appeals.rules.figures.counts import Cell
from appeals.rules.figures.sums import of as sum_of
from appeals.services import figures
from core import clock
from tests.appeals.bench_cast import as_owner
from tests.appeals.cast import Court, Petitioner
from tests.appeals.figures_cast import served_in
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.payments.test_cancellations import a_desk
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.database import AsRole
from tests.support.faces import FaceClient
from tests.support.live import ServeFace

LEAST, PERCENT = 5, 10
COLUMNS = ("upheld", "rejected", "dismissed")
YEAR = 2025
MIXED = [
    ("automobile", "11110", "cancelled", 7),
    ("automobile", "11110", "rejected", 9),
    ("automobile", "11140", "rejected", 6),
    ("automobile", "11140", "corrected", 2),
    ("property", "11140", "dismissed", 1),
    ("property", "11170", "rejected", 8),
    ("property", "11170", "cancelled", 6),
    ("property", "11110", "reexamine", 5),
]


def a_year(seed: int) -> Tables:
    """Some cases, by tax and by office, few of each or many."""
    rng = random.Random(seed)  # noqa: S311 (a repeatable world, no secret)
    taxes, bodies = [f"t{n}" for n in range(rng.randint(1, 4))], [f"b{n}" for n in range(rng.randint(2, 6))]
    counts: dict[str, dict[str, dict[str, int]]] = {
        "tax": {one: {} for one in taxes},
        "body": {one: {} for one in bodies},
    }
    for tax, body, outcome in product(taxes, bodies, COLUMNS):
        many = rng.choice((0, 0, 1, 2, 4, 7, 12))
        for row in (counts["tax"][tax], counts["body"][body]):
            row[outcome] = row.get(outcome, 0) + many
    return Tables(columns=COLUMNS, counts=counts, known=frozenset({"body"}))


def could_be(tables: Tables, told: set[Cell], cell: Cell) -> tuple[int, int]:
    """The least and the most that somebody who reads what is told, and can add up, has to think of a cell."""
    found = []
    for sense in (1, -1):
        model = cp_model.CpModel()
        x = {one: model.new_int_var(0, 500, "") for one in tables.true}
        for one in told:
            model.add(x[one] == tables.true[one])
        for table, rows in tables.counts.items():
            for row in rows:
                model.add(sum(x[table, row, column] for column in COLUMNS) == x[table, row, ALL])
            for column in (*COLUMNS, ALL):
                model.add(sum(x[table, row, column] for row in rows) == x[ALL, ALL, column])
        model.minimize(sense * x[cell])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        found.append(sense * round(solver.objective_value))
    return found[0], found[1]


@pytest.mark.parametrize("seed", range(10))
def test_no_withheld_count_can_be_computed_from_what_is_told(seed: int) -> None:
    tables = a_year(seed)
    hidden = withheld(tables, least=LEAST)
    told = set(tables.true) - hidden
    assert all(tables.true[cell] == 0 or tables.true[cell] >= LEAST for cell in told)
    # Who counts published decisions knows the table of taxes, and what the city's outcomes come to.
    decisions = told | {cell for cell in tables.true if cell[0] != "body"}
    for cell in hidden:
        low, high = could_be(tables, told, cell)
        assert low < high, cell
        if 0 < tables.true[cell] < LEAST:
            assert (low, high >= LEAST) == (0, True), cell
        if cell[0] == "body":
            low, high = could_be(tables, decisions, cell)
            assert low < high or tables.true[ALL, ALL, cell[2]] == 0, cell
            assert low == 0 or tables.true[cell] >= LEAST, cell


def test_much_is_told_where_there_is_much() -> None:
    counts = {name: {row: dict.fromkeys(COLUMNS, 20) for row in "abc"} for name in ("tax", "body")}
    assert withheld(Tables(columns=COLUMNS, counts=counts), least=LEAST) == frozenset()
    counts["body"]["a"]["upheld"], counts["body"]["b"]["upheld"] = 1, 39
    hidden = withheld(Tables(columns=COLUMNS, counts=counts, known=frozenset({"body"})), least=LEAST)
    assert ("body", "a", "upheld") in hidden
    assert len(hidden) == 4, "a rectangle of one table is enough"


@pytest.mark.parametrize("seed", range(40))
def test_no_withheld_sum_leads_to_what_one_case_came_to(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (a repeatable world, no secret)
    cases = {
        f"r{n}": [rng.choice((0, 1, 5, 30, 900)) for _ in range(rng.randint(0, 12))] for n in range(rng.randint(1, 7))
    }
    rows = {row: sum_of(won) for row, won in cases.items()}
    hidden = sums_withheld(rows, secret={"r0"}, least=LEAST, percent=PERCENT)
    assert "r0" in hidden
    groups = [won for row, won in cases.items() if row not in hidden]
    rest = [won for row, own in cases.items() if row in hidden for won in own]
    if ALL not in hidden:
        assert len(hidden) > 1
        assert sum(rest) > 0
        groups += [rest, [won for own in cases.values() for won in own]]
    for group in groups:
        paid = sorted((won for won in group if won), reverse=True)
        assert not paid or (len(paid) >= LEAST and 100 * sum(paid[2:]) >= PERCENT * paid[0]), group


def next_spring() -> datetime:
    return clock.now().replace(year=YEAR + 1, month=3, day=15)


@pytest.fixture
def cases(petitioner: Petitioner, court: Court) -> list[int]:
    return served_in(YEAR, MIXED, court=court, of=petitioner.bill)


def test_a_year_is_told_once_when_it_is_over(cases: list[int], court: Court, public_client: FaceClient) -> None:
    early = next_spring().replace(month=1, day=20)
    assert figures.tell_figures(at=early) == []
    assert figures.tell_figures(at=next_spring()) == [YEAR]
    before = list(Figure.objects.order_by("pk").values())
    served_in(YEAR, [("property", "11140", "rejected", 1)], court=court)
    assert figures.tell_figures(at=next_spring() + timedelta(days=400)) == []
    assert list(Figure.objects.order_by("pk").values()) == before
    whole = Figure.objects.get(of="all")
    assert (whole.decided, whole.upheld, whole.days) == (44, 15, 60)
    district = Figure.objects.get(of="body", code="11140")
    assert (district.upheld, district.dismissed) == (None, None)
    page = text_of(public_client.get("/decisions/figures/"))
    assert "44" in page
    told = public_client.get("/decisions/figures.json").json()
    (row,) = [one for one in told["figures"] if one["code"] == "11140"]
    assert row["upheld"] is None
    assert {"upheld", "dismissed"} <= set(row["withheld"])
    text = public_client.get("/decisions/figures.csv", {"year": YEAR}).content.decode("utf-8-sig")
    (line,) = [one for one in csv.DictReader(StringIO(text)) if one["code"] == "11140"]
    assert line["upheld"] == "withheld"
    for name in ("figures/", "figures.json", "figures.csv"):
        for wrong in ("1999", "x", "9" * 40):
            assert public_client.get(f"/decisions/{name}", {"year": wrong}).status_code == 404


def test_what_was_written_down_of_a_year_tells_of_nobody(cases: list[int]) -> None:
    figures.tell_figures(at=next_spring())
    counts: dict[str, dict[str, dict[str, int]]] = {"tax": {}, "body": {}}
    outcomes = ("upheld", "rejected", "dismissed", "reexamined")
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "of", code, {", ".join(outcomes)} FROM appeals_counted(%s)', [YEAR])
        for about, code, *many in cursor.fetchall():
            if about in counts:
                counts[about][code] = dict(zip(outcomes, many, strict=True))
    tables = Tables(columns=outcomes, counts=counts)
    told = {
        ("" if row.of == "all" else row.of, row.code, column)
        for row in Figure.objects.all()
        for column, name in ((ALL, "decided"), *zip(outcomes, outcomes, strict=True))
        if getattr(row, name) is not None
    }
    assert {cell for cell in tables.true if 0 < tables.true[cell] < LEAST} & told == set()
    assert not Figure.objects.filter(returned__gt=0).exists(), "nothing went back"
    assert not Figure.objects.filter(upheld=0, returned=None).exists(), "everybody knows that it is nothing"


def test_the_database_takes_no_small_count_and_no_year_that_runs(cases: list[int]) -> None:
    figures.tell_figures(at=next_spring())
    copied = (
        'INSERT INTO appeals_figure (year, "of", code, name_ko, name_en, least, decided, told_on) '
        "SELECT %s, 'all', '', name_ko, name_en, 5, %s, told_on FROM appeals_figure WHERE \"of\" = 'all'"
    )
    for year, many, why in ((2024, 3, "no_small_count"), (YEAR + 1, 9, "is not over")):
        with pytest.raises(Exception, match=why):
            as_owner(copied, year, many)
    for change in ("UPDATE appeals_figure SET upheld = 5", "DELETE FROM appeals_figure"):
        with pytest.raises(Exception, match="append-only"):
            as_owner(change)


def test_the_public_face_reads_nothing_that_is_withheld(cases: list[int], as_role: AsRole) -> None:
    for face in ("public", "office"):
        for query in (
            "SELECT * FROM appeals_counted(2025)",
            "SELECT * FROM appeals_served_in(2025)",
            "SELECT * FROM appeals_untold_years('2026-03-01')",
            "SELECT * FROM appeals_satisfaction",
            "SELECT * FROM appeals_answer",
        ):
            with as_role(face), pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(query)


def test_what_is_sealed_is_in_no_figure(cases: list[int]) -> None:
    as_owner("UPDATE appeals_case SET sealed = true WHERE id = ANY (%s)", cases[:2])
    figures.tell_figures(at=next_spring())
    whole = Figure.objects.get(of="all")
    assert (whole.decided, whole.upheld) == (42, 13)


def test_an_office_reads_what_became_of_its_own_levies(cases: list[int], court: Court, as_role: AsRole) -> None:
    as_owner("INSERT INTO appeals_publishedcase (case_id, year, number) VALUES (%s, %s, 1)", cases[0], YEAR)
    as_owner(
        "INSERT INTO appeals_publication (year, number, version, tax, tax_ko, tax_en, ground, outcome, wish, "
        "decided_year, gist_ko, gist_en, claims, reasons, stems, history, published_on, published_by_id, published_at) "
        "VALUES (%s, 1, 1, 'automobile', 'x', 'x', 'object', 'cancelled', 'cancel', %s, 'x', '', 'x', 'x', '', '[]', "
        "now()::date, %s, now())",
        YEAR, YEAR, court.clerk.id,
    )  # fmt: skip
    own = text_of(office_of(court.assessor).get("/appeals/figures/", {"year": YEAR}))
    assert "33.3" in own, "7 of 21"
    assert f"/appeals/{cases[0]}/" in own
    assert f"{YEAR}-1" in own
    other = a_desk(as_role, "other@example.kr", Role.COLLECTOR, body="11140")
    theirs = text_of(office_of(other).get("/appeals/figures/"))
    assert "22.2" in theirs, "2 of 9"
    assert "33.3" not in theirs
    for desk in (court.clerk, court.chair):
        page = text_of(office_of(desk).get("/appeals/figures/"))
        assert "33.3" in page
        assert "22.2" in page
    assert office_of(a_desk(as_role, "auditor@example.kr", Role.AUDITOR)).get("/appeals/figures/").status_code == 403
    assert "/appeals/figures/" in text_of(office_of(court.assessor).get("/appeals/"))
    assert office_of(court.chair).get("/appeals/figures/", {"year": "x"}).status_code == 404


@pytest.mark.browser
@pytest.mark.socket
@pytest.mark.needs("chromium")
@pytest.mark.timeout(300)
def test_figures_in_a_browser(
    cases: list[int], petitioner: Petitioner, court: Court, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    figures.tell_figures(at=next_spring())
    as_owner("UPDATE appeals_ruling SET served_on = now()::date")
    assert browser_of(petitioner).get(f"/appeals/{cases[0]}/satisfaction/").status_code == 200
    public, office = serve_face("public"), serve_face("office")
    pages: dict[str, list[Any]] = {
        "en": [f"{public}/decisions/figures/", f"{public}/appeals/{cases[0]}/satisfaction/"],
        "ko": [f"{public}/decisions/figures/", f"{office}/appeals/figures/"],
    }
    for language in LANGUAGES:
        context = visitor(language)
        context.add_cookies([{"name": "office_session", "value": court.clerk.secret, "url": office}])
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": petitioner.secret, "url": public}])
        page = context.new_page()
        heard = complaints(page)
        for address in pages[language]:
            page.goto(address)
            assert faults(page) == []
        assert heard == []
