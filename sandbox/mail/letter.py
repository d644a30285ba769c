"""Reads a message that anybody may have written. Whatever is broken in it becomes text or nothing, never an error."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

MOST_PARTS = 100


@dataclass(frozen=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    attachments: list[Attachment]

    def subject(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "subject"), "")[:1000]

    def described(self) -> dict[str, Any]:
        return {
            "headers": [list(header) for header in self.headers],
            "text": self.text,
            "html": self.html,
            "attachments": [
                {"index": index, "filename": a.filename, "contentType": a.content_type, "size": len(a.content)}
                for index, a in enumerate(self.attachments)
            ],
        }


def read(raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    text = html = None
    attachments = []
    for part in _leaves(message):
        kind = part.get_content_type()
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        filename = _filename(part)
        if filename is None and kind == "text/plain" and text is None:
            text = _decoded(part, data)
        elif filename is None and kind == "text/html" and html is None:
            html = _decoded(part, data)
        else:
            attachments.append(Attachment(filename or "unnamed", kind, data))
    return Letter(_headers(message), text, html, attachments)


def _leaves(message: EmailMessage) -> list[EmailMessage]:
    parts = []
    for part in message.walk():
        if not part.is_multipart() and isinstance(part, EmailMessage):
            parts.append(part)
        if len(parts) == MOST_PARTS:
            break
    return parts


def _headers(message: EmailMessage) -> list[tuple[str, str]]:
    headers = []
    for name in dict.fromkeys(message.keys()):
        try:
            values = [str(value) for value in message.get_all(name, [])]
        except Exception:
            values = [str(raw) for key, raw in message.raw_items() if key == name]
        headers += [(_clean(name), _clean(value)) for value in values]
    return headers


def _filename(part: EmailMessage) -> str | None:
    try:
        name = part.get_filename()
    except Exception:
        return "unnamed"
    if name is None:
        return "unnamed" if part.get("Content-Disposition", "").startswith("attachment") else None
    return _clean(name).replace("/", "_").replace("\\", "_")[:200] or "unnamed"


def _decoded(part: EmailMessage, data: bytes) -> str:
    try:
        return data.decode(str(part.get_content_charset() or "utf-8"), errors="replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", errors="replace")


def _clean(text: str) -> str:
    """Lone surrogates (raw bytes in headers) cannot be stored or sent as UTF-8; control characters cannot be shown."""
    visible = "".join(mark for mark in text if mark.isprintable() or mark in "\t ")
    return visible.encode("utf-8", errors="replace").decode()
