"""A stranger with the city's key checks that the log only ever grew."""

from __future__ import annotations

from typing import Any

import pytest

from core.log import PublishedHead, signature_holds
from core.merkle import consistency_holds
from tests.core.test_log import append, seal_all
from tests.core.test_log_windows import close
from tests.ledger.test_the_books import levy
from tests.support.browser import LANGUAGES, NewVisitor, faults
from tests.support.faces import FaceClient
from tests.support.live import ServeFace


@pytest.fixture
def grown(db: None) -> None:
    for batch in (3, 4):
        for number in range(batch):
            append(number)
        seal_all(batch)


def head_of(entry: dict[str, Any]) -> PublishedHead:
    return PublishedHead(**entry)


def test_the_newest_head_stands_on_a_page(grown: None, public_client: FaceClient) -> None:
    page = public_client.get("/log/", headers={"Accept-Language": "en"})
    (head,) = public_client.get("/log/heads.json").json()["heads"]
    assert head["size"] == 7
    assert head["root"] in page.content.decode()


def test_an_empty_log_says_so(public_client: FaceClient) -> None:
    assert (
        "Nothing has been written yet" in public_client.get("/log/", headers={"Accept-Language": "en"}).content.decode()
    )


def test_a_stranger_can_prove_that_nothing_was_taken_out(grown: None, public_client: FaceClient) -> None:
    answer = public_client.get("/log/consistency.json?old=3&new=7").json()
    old, new = answer["old"], answer["new"]
    assert signature_holds(head_of(old), key=old["key"])
    assert signature_holds(head_of(new), key=old["key"])
    proof = [bytes.fromhex(node) for node in answer["proof"]]
    sides = {"old_root": bytes.fromhex(old["root"]), "new_root": bytes.fromhex(new["root"])}
    assert consistency_holds(old=3, new=7, proof=proof, **sides)
    assert not consistency_holds(old=3, new=7, proof=proof[:-1], **sides)


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("old=x&new=7", 400), ("old=-1&new=7", 400), ("old=7&new=3", 404), ("old=2&new=7", 404)],
)
def test_nonsense_gets_a_clear_no(grown: None, public_client: FaceClient, query: str, status: int) -> None:
    answer = public_client.get(f"/log/consistency.json?{query}")
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.browser
@pytest.mark.socket
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_long_fingerprints_fit_a_phone(
    grown: None, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    page = visitor(language).new_page()
    page.goto(f"{serve_face('public')}/log/")
    assert faults(page) == []


def test_anybody_sees_until_when_the_books_are_sealed(public_client: FaceClient) -> None:
    levy("bill:1", 1_000)
    close("journal.window", 1)
    seal_all(1)
    text = public_client.get("/log/", headers={"Accept-Language": "en"}).content.decode()
    assert '<td data-label="Records sealed" class="numeric">1</td>' in text
