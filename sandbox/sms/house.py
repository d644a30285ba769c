"""Messages as the provider keeps them, and their way to the telephone."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import fields
from sandbox.clock import Clock, iso
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.gate import Call
from sandbox.sms.settings import Settings
from sandbox.store import transaction

MOST_KEPT = 1000
AT_ONCE = 500
SMS_BYTES, LMS_BYTES, SUBJECT_BYTES = 90, 2000, 40
# How telephones fail, by the end of their numbers.
FAILURES = {"0404": "NO_SUCH_NUMBER", "0503": "UNREACHABLE"}


class SmsError(ApiError):
    catalogue = ApiError.catalogue | {
        "TEXT_TOO_LONG": (400, "The text is longer than 2,000 bytes.", "문자 내용이 2,000바이트를 넘습니다."),
        "UNSENDABLE_CHARACTER": (400, "A character that networks can't carry.", "보낼 수 없는 문자가 있습니다."),
        "UNREGISTERED_SENDER": (400, "The sender's number is not registered.", "등록되지 않은 발신번호입니다."),
        "DUPLICATED_REFERENCE": (400, "This reference was used before.", "이미 사용된 참조번호입니다."),
        "NOT_FOUND_MESSAGE": (404, "There is no such message.", "존재하지 않는 문자입니다."),
    }


@dataclass(frozen=True)
class House:
    db: sqlite3.Connection
    settings: Settings
    clock: Clock
    faults: Faults

    @property
    def secret_key(self) -> str:
        return self.settings.secret_key

    def order_of(self, call: Call) -> str | None:
        """Whose message this call is about, for faults that are meant for one."""
        reference = call.body.get("reference") or call.path.get("reference")
        return reference if isinstance(reference, str) else None

    def tick(self) -> None:
        """Bring to their telephones what is due."""
        due = self.db.execute(
            "SELECT key, telephone FROM message WHERE due_at <= ? LIMIT ?", (time.time(), AT_ONCE)
        ).fetchall()
        if not due:
            return
        with transaction(self.db):
            for row in due:
                failure = FAILURES.get(row["telephone"][-4:])
                self.db.execute(
                    "UPDATE message SET state = ?, failure = ?, due_at = NULL, completed_at = ? WHERE key = ?",
                    ("FAILED" if failure else "DELIVERED", failure, self.clock.now(), row["key"]),
                )

    def send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        reference = fields.order_id(body, "reference")
        sender, telephone = _number(body, "from", shortest=4), _telephone(body)
        if sender not in self.settings.senders:
            raise SmsError("UNREGISTERED_SENDER")
        text, subject = _text(body), fields.optional_text(body, "subject", longest=SUBJECT_BYTES) or ""
        size = _size(text)
        if size > LMS_BYTES or _size(subject) > SUBJECT_BYTES:
            raise SmsError("TEXT_TOO_LONG")
        lost = self.faults.take("never_delivered", order_id=reference)
        key = "msg_" + secrets.token_urlsafe(24)
        try:
            self.db.execute(
                "INSERT INTO message (key, reference, sender, telephone, type, bytes, subject, text, state,"
                " accepted_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'ACCEPTED', ?, ?)",
                (
                    *(key, reference, sender, telephone, "SMS" if size <= SMS_BYTES else "LMS", size, subject, text),
                    self.clock.now(),
                    None if lost else time.time() + self.settings.deliver_after,
                ),
            )
        except sqlite3.IntegrityError as error:
            raise SmsError("DUPLICATED_REFERENCE") from error
        self.db.execute("DELETE FROM message WHERE seq <= (SELECT max(seq) FROM message) - ?", (MOST_KEPT,))
        return self.shown("key", key)

    def shown(self, column: str, value: str) -> dict[str, Any]:
        """The message by `key` or `reference`; NOT_FOUND_MESSAGE if there is none."""
        row = self.db.execute(f"SELECT * FROM message WHERE {column} = ?", (value,)).fetchone()  # noqa: S608 - fixed
        if row is None:
            raise SmsError("NOT_FOUND_MESSAGE")
        return {
            "messageId": row["key"],
            "reference": row["reference"],
            "type": row["type"],
            "bytes": row["bytes"],
            "state": row["state"],
            "failure": row["failure"],
            "acceptedAt": iso(row["accepted_at"]),
            "completedAt": iso(row["completed_at"]) if row["completed_at"] is not None else None,
        }

    def listed(self, telephone: str, *, delivered: bool, most: int = 100) -> list[sqlite3.Row]:
        """What was sent to a telephone (or to any, if it is empty), newest first."""
        return self.db.execute(
            "SELECT * FROM message WHERE ? IN ('', telephone) AND (NOT ? OR state = 'DELIVERED')"
            " ORDER BY seq DESC LIMIT ?",
            (telephone, delivered, most),
        ).fetchall()


def _number(body: Mapping[str, Any], name: str, *, shortest: int) -> str:
    number = fields.text(body, name, longest=11, shortest=shortest)
    if not (number.isascii() and number.isdigit()):
        raise fields.invalid(name, "digits only")
    return number


def _telephone(body: Mapping[str, Any]) -> str:
    number = _number(body, "to", shortest=10)
    if not number.startswith("01"):
        raise fields.invalid("to", "a mobile number, which begins with 01")
    return number


def _text(body: Mapping[str, Any]) -> str:
    """Like other texts, but with line breaks."""
    value = body.get("text")
    if isinstance(value, str):
        fields.text({"text": value.replace("\n", " ")}, "text", longest=20_000)
        return value
    raise fields.invalid("text", "text is required")


def _size(text: str) -> int:
    try:
        return len(text.encode("euc-kr"))
    except UnicodeEncodeError as error:
        raise SmsError("UNSENDABLE_CHARACTER") from error
