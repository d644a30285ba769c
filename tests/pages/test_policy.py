"""What browsers are told about our pages, and the language link."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from etax.web.language import choose_language
from etax.web.policy import content_security_policy
from tests.support.faces import FaceClient


def test_a_page_allows_nothing_inline_and_nobody_to_frame_it(public_client: FaceClient) -> None:
    answer = public_client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_forms_may_lead_only_to_us_and_to_the_gateways_named() -> None:
    policy = content_security_policy(form_targets=["https://cards.example.com"])
    assert policy["DIRECTIVES"]["form-action"] == ["'self'", "https://cards.example.com"]


def test_the_language_link_keeps_the_page_and_is_remembered(public_client: FaceClient) -> None:
    korean = public_client.get("/").content.decode()
    assert '<html lang="ko">' in korean
    answer = public_client.get("/language/", {"to": "en", "next": "/?page=2"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/?page=2"
    assert '<html lang="en">' in public_client.get("/").content.decode()


@pytest.mark.parametrize(
    "next_page", ["https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "javascript:alert(1)", ""]
)
def test_the_language_link_leads_to_nobody_else(next_page: str) -> None:
    answer = choose_language(RequestFactory().get("/language/", {"to": "en", "next": next_page}))
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    answer = choose_language(RequestFactory().get("/language/", {"to": "xx"}))
    assert not answer.cookies
