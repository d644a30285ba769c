"""The advocate's side in a real browser: the petitioner's pages, the advocate's desk, the clerk's pool, the draw."""

from __future__ import annotations

import pytest

from tests.appeals.beside_cast import an_advocate, draw
from tests.appeals.cast import Court, Petitioner
from tests.appeals.test_in_a_browser import look, signed_in
from tests.support.browser import NewVisitor, complaints
from tests.support.database import AsRole
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


def test_everybody_who_is_concerned_can_read_who_stands_beside_a_petitioner(
    petitioner: Petitioner, court: Court, as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    """The public in English, the office in Korean."""
    kim = an_advocate(as_role, court, "kim")
    case = petitioner.files(language="en", grounds="차를 팔았습니다.")
    number = draw(court)
    public, office = serve_face("public"), serve_face("office")
    page = signed_in(visitor("en"), public, "sessionid", petitioner.secret)
    heard = complaints(page)
    for path in (
        f"/appeals/{case.pk}/advocate/",
        f"/appeals/{case.pk}/counsel/",
        "/appeals/draws/",
        f"/appeals/draws/{number}/",
    ):
        page.goto(public + path)
        look(page, heard)
    page.goto(f"{public}/appeals/{case.pk}/advocate/")
    page.locator("form[action$='/write/'] textarea").fill("언제 만납니까?")
    page.locator("form[action$='/write/'] button[type=submit]").click()
    look(page, heard)
    assert "언제 만납니까?" in page.locator("main").inner_text()

    for officer, paths in (
        (kim, ("/appeals/advocate/", f"/appeals/advocate/{case.pk}/")),
        (court.clerk, ("/appeals/advocates/", f"/appeals/advocates/{kim.id}/", "/appeals/advocates/fairness/")),
    ):
        desk = signed_in(visitor("ko"), office, "office_session", officer.secret)
        heard = complaints(desk)
        for path in paths:
            desk.goto(office + path)
            look(desk, heard)
