"""Citizens and officers who click on everything: every page answers, is accessible, and none leads nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pages.city import City, found_city, sign_in
from tests.support.browser import NewVisitor
from tests.support.live import ServeFace
from tests.support.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium"), pytest.mark.timeout(600)]

FACES = {"payer": "public", "stranger": "public", "officer": "office", "newcomer": "office"}


@pytest.fixture
def city(db: None, deliver_events: Callable[[], int]) -> City:
    return found_city(deliver_events)


MUST_SEE = {
    "payer": {"my/", "bills/", "bills/<int:bill_id>/", "account/", "pay/<int:bill_id>/"},
    "stranger": {"my/", "bills/", "account/", "account/claim/"},
    "officer": {"", "rolls/", "rolls/<int:roll_id>/", "bills/", "payments/", "account/"},
    "newcomer": {"", "account/"},
}


@pytest.mark.parametrize(
    ("who", "language"),
    [("payer", "ko"), ("payer", "en"), ("officer", "ko"), ("officer", "en"), ("stranger", "ko"), ("newcomer", "en")],
)
def test_every_link_leads_to_an_accessible_page(
    city: City, serve_face: ServeFace, visitor: NewVisitor, who: str, language: str
) -> None:
    face = FACES[who]
    site = serve_face(face)
    context = visitor(language)
    sign_in(context.new_page(), site, getattr(city, who))
    seen = walk(context, f"{site}/", urlconf=f"etax.faces.{face}")
    assert seen.faults == []
    assert MUST_SEE[who] <= seen.kinds
