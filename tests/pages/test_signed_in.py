"""Citizens and officers who click on everything: every page answers, is accessible, and none leads nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pages.city import City, found_city, sign_in
from tests.pages.unreached import unreached
from tests.support.browser import LANGUAGES, NewVisitor
from tests.support.live import ServeFace
from tests.support.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium"), pytest.mark.timeout(300)]

FACES = {"payer": "public", "stranger": "public", "officer": "office", "newcomer": "office"}


@pytest.fixture
def city(db: None, deliver_events: Callable[[], int]) -> City:
    return found_city(deliver_events)


# What only they see.
MUST_SEE = {"stranger": {"account/claim/", "account/code-generator/", "account/password/", "sign-in/identity/"}}
# Paths that no link leads to: answers to searches.
ALSO = {
    "payer": ["/receipts/verify/2026-0000-0000-0000", "/pay/?bill={bill}&bill={other_bill}"],
    "officer": [
        "/bills/?text=CAR-0",
        "/payments/?text=PAY-SILENT",
        "/documents/?text={payer}",
        "/taxpayers/?text={payer}",
        "/taxpayers/{joint}/",
        "/taxpayers/{joint}/owners/",
        "/taxpayers/{payer}/death/",
        "/taxpayers/{dead}/heirs/",
        "/officers/{officer}/roles/{grant}/end/",
        "/officers/{colleague}/suspend/",
        "/officers/{colleague}/code-generator/",
        "/rolls/{issued_roll}/cancel/",
        "/rolls/{waiting_roll}/withdraw/",
        "/rolls/{broken_roll}/defects.csv",
        "/ledger/statement?body=11110&tax=automobile&purpose=receivable&start=2026-01-01&end=2026-12-31",
    ],
}


@pytest.mark.parametrize(
    ("who", "language"),
    [(who, language) for who in ("payer", "officer", "stranger") for language in LANGUAGES] + [("newcomer", "en")],
)
def test_every_link_leads_to_an_accessible_page(
    city: City, serve_face: ServeFace, visitor: NewVisitor, who: str, language: str
) -> None:
    face = FACES[who]
    site = serve_face(face)
    context = visitor(language)
    sign_in(context.new_page(), site, getattr(city, who))
    also = [path.format(**city.numbers) for path in ALSO.get(who, [])]
    seen = walk(context, f"{site}/", urlconf=f"etax.faces.{face}", also=also)
    assert seen.faults == []
    assert MUST_SEE.get(who, set()) <= seen.kinds
    if who in ALSO:
        assert unreached(face, seen.kinds) == [], "link it, or say in tests/pages/unreached.py where it is looked at"
