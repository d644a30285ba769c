"""No route without a decision on who may call it, and no face with a route of another."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver

from accounts.access import Decision, Role, decision_of

FACES = ("public", "office", "intake", "worker")
# What strangers may see of the office site: how to get in, and the language of the page.
OPEN_IN_OFFICE = {"sign_in", "sign_out", "forgotten", "choose_password", "language", "about"}


def routes(face: str) -> Iterator[tuple[str, URLPattern]]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            place = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, place)
            else:
                yield place, pattern

    yield from walk(importlib.import_module(f"etax.faces.{face}").urlpatterns, "/")


def decided(face: str) -> dict[str, tuple[str, Decision | None]]:
    return {place: (pattern.name or "", decision_of(pattern.callback)) for place, pattern in routes(face)}


@pytest.mark.parametrize("face", FACES)
def test_every_route_has_a_decision_on_who_may_call_it(face: str) -> None:
    assert [place for place, (_, decision) in decided(face).items() if decision is None] == []


def test_the_public_site_has_no_page_of_the_office() -> None:
    found = {decision.who for _, decision in decided("public").values() if decision}
    assert found <= {"anybody", "citizen", "sign_in", "signed_in"}


def test_the_office_opens_to_officers_only() -> None:
    others = {name for name, decision in decided("office").values() if decision and decision.who == "anybody"}
    assert others <= OPEN_IN_OFFICE
    assert {decision.who for _, decision in decided("office").values() if decision} <= {
        "anybody",
        "officer",
        "sign_in",
        "signed_in",
    }


def test_intake_answers_gateways_only() -> None:
    assert {decision.who for _, decision in decided("intake").values() if decision} == {"gateway"}


def test_workers_serve_nothing() -> None:
    assert list(routes("worker")) == []


def test_nobody_who_audits_or_administers_decides_about_money() -> None:
    """An auditor reads; an administrator looks after people and switches."""
    for place, (_, decision) in decided("office").items():
        if decision and "approve" in place:
            assert not {Role.AUDITOR, Role.ADMINISTRATOR} & set(decision.roles), place
