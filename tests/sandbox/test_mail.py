"""The mail catcher: SMTP in, JSON and pages out."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import pytest

from tests.sandbox.processes import program

pytestmark = pytest.mark.socket


@dataclass(frozen=True)
class Post:
    http: httpx.Client
    smtp_port: int

    def send(self, raw: bytes, *, to: str, sender: str = "etax@example.kr") -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as smtp:
            smtp.sendmail(sender, [to], raw)

    def only(self, to: str) -> dict[str, object]:
        (message,) = self.http.get("/messages", params={"to": to}).json()["messages"]
        return dict(self.http.get(f"/messages/{message['id']}").json())


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    store = str(tmp_path_factory.mktemp("mail"))
    with (
        program("mail", "--port", "0", "--smtp-port", "0", "--store", store) as (address, smtp),
        httpx.Client(base_url=address, trust_env=False) as http,
    ):
        yield Post(http=http, smtp_port=urlsplit(smtp).port or 0)


def letter(text: str = "안녕하십니까.\nhttp://127.0.0.1:8000/verify?a=1&b=2\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "etax@example.kr", "hong@example.kr", "이메일 확인"
    message.set_content(text)
    return message


def test_a_mail_is_caught_and_its_link_can_be_followed(post: Post) -> None:
    message = letter()
    message.add_alternative("<script>alert(1)</script>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="영수증.pdf")
    post.send(message.as_bytes(), to="Link@example.kr")

    caught = post.only("link@EXAMPLE.kr")

    assert (caught["subject"], caught["from"], caught["to"]) == ("이메일 확인", "etax@example.kr", ["Link@example.kr"])
    assert "http://127.0.0.1:8000/verify?a=1&b=2" in str(caught["text"])
    assert caught["attachments"] == [
        {"index": 0, "filename": "영수증.pdf", "contentType": "application/pdf", "size": 8}
    ]
    shown = post.http.get(f"/messages/{caught['id']}/page?lang=en").text
    assert '<a href="http://127.0.0.1:8000/verify?a=1&amp;b=2">' in shown
    assert "<script>" not in shown
    file = post.http.get(f"/messages/{caught['id']}/attachments/0")
    assert file.content == b"%PDF-1.7"
    assert file.headers["content-disposition"].startswith("attachment")
    assert post.http.get(f"/messages/{caught['id']}/attachments/1").status_code == 404


def test_new_mail_is_found_by_what_was_seen_last(post: Post) -> None:
    post.send(letter().as_bytes(), to="seen@example.kr")
    last = post.http.get("/messages?limit=1").json()["messages"][0]["id"]
    post.send(letter().as_bytes(), to="new@example.kr")
    (new,) = post.http.get("/messages", params={"after": last, "subject": "확인"}).json()["messages"]
    assert new["to"] == ["new@example.kr"]


@pytest.mark.parametrize(("to", "code"), [("bounce@example.kr", 550), ("FULL@example.kr", 452)])
def test_some_mailboxes_refuse(post: Post, to: str, code: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post.send(letter().as_bytes(), to=to)
    assert refused.value.recipients[to][0] == code


def test_a_mail_that_is_too_large_is_refused(post: Post) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        post.send(b"Subject: large\r\n\r\n" + b"x" * 900 + b"\r\n" * (5 * 1024 * 1024), to="large@example.kr")
    assert refused.value.smtp_code == 552


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe no headers at all",
        b"Subject: =?utf-8?b?////?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xed\xa0\x80",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\nContent-Type: /\r\n\r\n--x--",
        b"To: <\r\nFrom: a@b@c <<>>\r\nDate: never\r\nContent-Disposition: attachment; filename*=x'y\r\n\r\n",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Subject: " + b"\xed\xa0\x80" * 10 + b"\r\n\r\n\r\n",
    ],
)
def test_garbage_is_kept_and_shown(post: Post, raw: bytes) -> None:
    assert post.http.delete("/messages").status_code == 204
    post.send(raw, to="garbage@example.kr")
    caught = post.only("garbage@example.kr")
    for path in (f"/messages/{caught['id']}/page", f"/messages/{caught['id']}/raw", "/"):
        assert post.http.get(path).status_code == 200


def test_wrong_questions_get_clear_answers(post: Post) -> None:
    assert post.http.get("/messages?after=x").status_code == 400
    assert post.http.get("/messages?limit=99999").status_code == 400
    assert post.http.get("/messages/99999999999999999999999").status_code == 404
    assert post.http.get("/messages/4000000/page").status_code == 404
