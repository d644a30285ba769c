"""The journey of somebody who holds a receipt, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Taxpayer
from core import clock
from receipts import selectors
from receipts.models import Document
from receipts.services import issue_document, new_token
from receipts.services.issue_document import the_signer
from tests.support.browser import LANGUAGES, NewVisitor, faults
from tests.support.live import ServeFace

pytestmark = [
    pytest.mark.browser,
    pytest.mark.socket,
    pytest.mark.needs("chromium"),
    pytest.mark.usefixtures("own_key"),
]


@pytest.fixture
def own_key() -> Iterator[None]:
    """The checkout's own key, whose roots the served face reads."""
    call_command("make_signing_key")
    the_signer.cache_clear()
    yield
    the_signer.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_downloaded_by_link_checked_and_found_changed(
    ask: Callable[..., int], serve_face: ServeFace, visitor: NewVisitor, language: str, tmp_path: Path
) -> None:
    token = new_token()
    document_id = ask(token_hash=token.sha256, at=clock.now())
    page = visitor(language, java_script_enabled=True, accept_downloads=True).new_page()
    site = serve_face("public")
    page.goto(f"{site}/receipts/link/{token.secret}")
    assert faults(page) == []
    issue_document(document_id=document_id, at=clock.now())
    with page.expect_download() as download:
        page.locator("main a.krds-btn").click()
    file = tmp_path / "receipt.pdf"
    download.value.save_as(file)
    issued = selectors.document_pdf(document_id)
    assert issued is not None
    assert file.read_bytes() == issued.content

    changed = tmp_path / "changed.pdf"
    changed.write_bytes(issued.content + b"\n")
    for chosen, kind in ((file, "success"), (changed, "danger")):
        page.goto(f"{site}/receipts/verify")
        assert faults(page) == []
        page.set_input_files("input[type=file]", chosen)
        page.locator("main form button").click()
        page.locator(f".et-banner.{kind}").wait_for()
        assert faults(page) == []
    page.goto(f"{site}/receipts/verify/{Document.objects.get().number}")
    assert page.get_by_text("홍*동").count() == 1
    assert faults(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_form_is_answered_with_what_to_do(
    db: None, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    page = visitor(language, java_script_enabled=True).new_page()
    page.goto(f"{serve_face('public')}/receipts/verify")
    page.locator("main form button").click()
    page.locator(".et-error-summary").wait_for()
    assert faults(page) == []


@pytest.fixture
def session_with_receipts(ask: Callable[..., int], open_session: Callable[[Taxpayer], str], taxpayer: Taxpayer) -> str:
    """Somebody signed in who has one receipt, and another that is being prepared."""
    issue_document(document_id=ask(), at=clock.now())
    ask(reference="PAY-2")
    return open_session(taxpayer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citizens_own_receipts_fit_a_phone(
    session_with_receipts: str, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    site = serve_face("public")
    context = visitor(language)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_with_receipts, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/receipts/")
    assert page.locator("tbody tr").count() == 2
    assert faults(page) == []
