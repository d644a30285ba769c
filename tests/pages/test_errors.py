"""When something goes wrong a person reads what happened and what to do, and nothing of our insides."""

from __future__ import annotations

import pytest

from tests.support.browser import LANGUAGES
from tests.support.faces import FaceClient

TITLES = {
    ("/no-such-page", 404): ("페이지를 찾을 수 없습니다", "Page not found"),
    ("/forbidden", 403): ("이 페이지를 열 수 없습니다", "You can't open this page"),
    ("/damaged", 400): ("요청을 이해할 수 없습니다", "This request can't be understood"),
    ("/too-often", 429): ("시도 횟수가 너무 많습니다", "Too many tries"),
    ("/only-post", 405): ("이 방법으로는 열 수 없는 페이지입니다", "This page can't be opened like that"),
    ("/declined", 409): ("요청하신 일을 처리할 수 없습니다", "This can't be done"),
}


@pytest.fixture
def client(public_client: FaceClient) -> FaceClient:
    public_client.settings["ROOT_URLCONF"] = "tests.pages.rough_urls"
    public_client.raise_request_exception = False
    return public_client


@pytest.mark.parametrize(("address", "status"), TITLES)
def test_every_error_has_a_page_in_both_languages(client: FaceClient, address: str, status: int) -> None:
    for language, title in zip(LANGUAGES, TITLES[address, status], strict=True):
        answer = client.get(address, headers={"Accept-Language": language})
        text = answer.content.decode().replace("&#x27;", "'")
        assert answer.status_code == status
        assert f"<h1>{title}</h1>" in " ".join(text.split()).replace("<h1> ", "<h1>").replace(" </h1>", "</h1>")
        assert "nobody&#x27;s business" not in answer.content.decode()


def test_a_refusal_gives_its_reason_as_text(client: FaceClient) -> None:
    assert "This bill is paid. &lt;Keep&gt; the receipt." in client.get("/declined").content.decode()


def test_a_server_error_tells_nothing_and_needs_nothing(client: FaceClient) -> None:
    answer = client.get("/broken")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "오류가 발생했습니다" in text
    assert "Something went wrong" in text
    assert "secret" not in text


def test_a_refused_method_still_names_what_is_allowed(client: FaceClient) -> None:
    assert client.get("/only-post").headers["Allow"] == "POST"
    assert client.get("/too-often").headers["Retry-After"] == "60"


def test_programs_are_not_sent_a_page(client: FaceClient) -> None:
    assert client.get("/too-often", headers={"Accept": "application/json"}).content == b""


def test_an_expired_form_says_that_nothing_was_done(client: FaceClient) -> None:
    client.handler.enforce_csrf_checks = True
    answer = client.post("/only-post", {"password": "hunter2"}, headers={"Accept-Language": "en"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing you sent has been saved or paid" in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    "address", ["/pay/99999999999999999999999/", "/bills/99999999999999999999999/", "/sign-in/password/%00/"]
)
def test_an_address_that_nothing_can_have_is_not_found(public_client: FaceClient, address: str) -> None:
    assert public_client.get(address).status_code == 404
