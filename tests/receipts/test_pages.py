from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Taxpayer
from core import clock
from core.uploads import ClosedUploadHandler
from receipts import selectors
from receipts.models import Document
from receipts.services import issue_document, new_token
from tests.receipts.papers import receipt_facts, withdrawn
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.usefixtures("signing")
VERIFY = "/receipts/verify"


@pytest.fixture
def paper(ask: Callable[..., int]) -> bytes:
    """A receipt that was handed out."""
    document_id = ask(at=clock.now())
    issue_document(document_id=document_id, at=clock.now())
    pdf = selectors.document_pdf(document_id)
    assert pdf is not None
    return pdf.content


@pytest.fixture
def upload(public_client: FaceClient) -> Callable[..., Any]:
    def send(content: bytes, name: str = "receipt.pdf", language: str = "en") -> Any:
        file = SimpleUploadedFile(name, content, content_type="application/pdf")
        return public_client.post(VERIFY, {"file": file}, headers={"Accept-Language": language})

    return send


@pytest.fixture
def sign_in(open_session: Callable[[Taxpayer], str], as_role: AsRole) -> Callable[[Taxpayer], FaceClient]:
    """A browser in which the taxpayer is signed in."""

    def client_of(taxpayer: Taxpayer) -> FaceClient:
        client = FaceClient("public", as_role)
        client.cookies[settings.SESSION_COOKIE_NAME] = open_session(taxpayer)
        return client

    return client_of


@pytest.mark.parametrize(("language", "said"), [("en", "This receipt is genuine"), ("ko", "진본 영수증입니다")])
def test_a_genuine_file_is_told_so_in_both_languages(
    upload: Callable[..., Any], paper: bytes, language: str, said: str
) -> None:
    page = upload(paper, language=language)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "홍*동" in page.content.decode()
    assert "홍길동" not in page.content.decode()


def test_a_changed_file_is_told_so(upload: Callable[..., Any], paper: bytes) -> None:
    place = paper.index(b"stream", 2_000) + 20
    changed = paper[:place] + bytes([paper[place] ^ 1]) + paper[place + 1 :]
    assert "This file was changed" in upload(changed).content.decode()
    assert "This file was changed" in upload(paper + b"\n%%EOF\n").content.decode()


def test_a_file_that_the_city_did_not_sign(upload: Callable[..., Any], paper: bytes) -> None:
    assert "The city did not sign this file" in upload(b"%PDF-1.7\nhello").content.decode()


def test_a_sound_file_that_the_register_does_not_know_is_not_genuine(upload: Callable[..., Any], signed: bytes) -> None:
    """What a stolen key could sign."""
    assert "This receipt is not valid" in upload(signed).content.decode()


def test_a_withdrawn_file_is_told_so(upload: Callable[..., Any], paper: bytes) -> None:
    document = Document.objects.get()
    withdrawn(document.pk)
    assert "This receipt is not valid" in upload(paper).content.decode()


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"GIF89a" + b"\x00" * 100,
        b"\xff" * 5_000,
        b"%PDF-" + b"\x00" * 3_000_000,
        b"%PDF-1.7\n" + b"/ByteRange [0 9 19 9]<AA>" * 10_000,
        b"%PDF-1.7" + b"<<" * 1_000_000,
        b"x" * (5 * 1024 * 1024 + 1),
    ],
)
def test_a_hostile_file_gets_a_page_and_never_an_error(upload: Callable[..., Any], hostile: bytes) -> None:
    page = upload(hostile)
    assert page.status_code in {200, 422}
    assert "This receipt is genuine" not in page.content.decode()


def test_of_a_huge_file_little_is_kept_and_its_sender_is_told(
    upload: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    complete = ClosedUploadHandler.file_complete

    def note_and_complete(handler: ClosedUploadHandler, file_size: int) -> Any:
        file = complete(handler, file_size)
        kept.append(len(file.read()))
        file.seek(0)
        return file

    monkeypatch.setattr(ClosedUploadHandler, "file_complete", note_and_complete)
    page = upload(b"%PDF-" + b"0" * 20_000_000)
    assert page.status_code == 422
    assert "too large" in page.content.decode()
    assert 0 < max(kept) < 5_400_000


def test_an_empty_form_and_a_wrong_kind_of_file_are_explained(
    public_client: FaceClient, upload: Callable[..., Any]
) -> None:
    page = public_client.post(VERIFY, {}, headers={"Accept-Language": "en"})
    assert page.status_code == 422
    assert "Choose a file or enter a document number." in page.content.decode()
    page = upload(b"just text", name="receipt.txt")
    assert page.status_code == 422
    assert "not of the kind" in page.content.decode()


def test_a_number_from_paper_shows_masked_facts(public_client: FaceClient, paper: bytes) -> None:
    number = Document.objects.get().number
    for page in (
        public_client.post(VERIFY, {"number": f" {number.lower()} "}, headers={"Accept-Language": "en"}),
        public_client.get(f"{VERIFY}/{number}", headers={"Accept-Language": "en"}),
    ):
        text = page.content.decode()
        assert "A document with this number was handed out" in text
        assert "257,550" in text
        assert "홍*동" in text
        assert "홍길동" not in text


@pytest.mark.parametrize(
    "typed", ["2026-0000-0000-0000", "<script>alert(1)</script>", "'", "../../x", "가나다", "9" * 60]
)
def test_an_unknown_number_is_told_so(public_client: FaceClient, typed: str) -> None:
    page = public_client.post(VERIFY, {"number": typed}, headers={"Accept-Language": "en"})
    assert page.status_code in {200, 422}
    assert "<script>alert" not in page.content.decode()
    if page.status_code == 200:
        assert "The register knows no such number" in page.content.decode()


def test_guessing_is_answered_with_too_many_tries(public_client: FaceClient) -> None:
    answers = [public_client.get(f"{VERIFY}/2026-0000-0000-0000").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_the_qr_code_leads_to_the_page_that_answers(paper: bytes) -> None:
    number = Document.objects.get().number
    path = reverse("receipts:verify_number", urlconf="etax.faces.public", args=[number])
    assert path == f"/receipts/verify/{number}"


def test_who_paid_without_an_account_gets_the_receipt_by_link(
    public_client: FaceClient, ask: Callable[..., int]
) -> None:
    token = new_token()
    document_id = ask(token_hash=token.sha256, at=clock.now())
    waiting = public_client.get(f"/receipts/link/{token.secret}", headers={"Accept-Language": "en"})
    assert "being prepared" in waiting.content.decode()
    issue_document(document_id=document_id, at=clock.now())
    got = public_client.get(f"/receipts/link/{token.secret}")
    assert got["Content-Type"] == "application/pdf"
    assert got["Cache-Control"] == "no-store"
    assert Document.objects.get().number in got["Content-Disposition"]
    assert got.content.startswith(b"%PDF-")
    assert public_client.get(f"/receipts/link/{new_token().secret}").status_code == 404
    assert public_client.get("/receipts/link/%00").status_code == 404


def test_citizens_find_their_own_receipts_and_nobody_elses(
    sign_in: Callable[[Taxpayer], FaceClient], ask: Callable[..., int], taxpayer: Taxpayer
) -> None:
    other = Taxpayer.objects.create(kind=Taxpayer.Kind.INDIVIDUAL, name="성춘향")
    own, foreign = ask(), ask(reference="PAY-2", taxpayer_id=other.pk)
    for document_id in (own, foreign):
        issue_document(document_id=document_id, at=clock.now())
    numbers = {document.pk: document.number for document in Document.objects.all()}
    for person, mine, not_mine in ((taxpayer, own, foreign), (other, foreign, own)):
        client = sign_in(person)
        page = client.get("/receipts/", headers={"Accept-Language": "en"}).content.decode()
        assert numbers[mine] in page
        assert "Automobile tax" in page
        assert numbers[not_mine] not in page
        assert client.get(f"/receipts/{mine}/pdf").content.startswith(b"%PDF-")
        assert client.get(f"/receipts/{not_mine}/pdf").status_code == 404


def test_a_visitor_is_asked_to_sign_in_and_comes_back(public_client: FaceClient, paper: bytes) -> None:
    for path in ("/receipts/", f"/receipts/{Document.objects.get().pk}/pdf"):
        answer = public_client.get(path)
        assert answer.status_code == 302
        assert path in unquote(answer["Location"])


def test_a_citizen_without_receipts_is_told_so(sign_in: Callable[[Taxpayer], FaceClient], taxpayer: Taxpayer) -> None:
    page = sign_in(taxpayer).get("/receipts/", headers={"Accept-Language": "en"})
    assert "There are no receipts yet" in page.content.decode()


def test_a_long_name_and_odd_facts_do_not_break_the_pages(
    public_client: FaceClient, ask: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    issue_document(document_id=ask(facts=receipt_facts(taxpayer={"name": "<b>" * 1_000})), at=clock.now())
    page = public_client.get(f"{VERIFY}/{Document.objects.get().number}")
    assert page.status_code == 200
    assert "&lt;" in page.content.decode()
    assert caplog.records == []
