"""A log line tells what happened, and of whom it tells nothing."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from etax.logs.privacy import without_personal_data
from etax.logs.setup import configure_structlog, logging_settings

Line = Callable[[], dict[str, Any]]


@pytest.fixture
def last_line() -> Iterator[Line]:
    """What the settings' logging writes, read back from where standard output would be."""
    configure_structlog()
    stream = io.StringIO()
    settings = logging_settings(style="json", level="INFO")
    formatter = settings["formatters"]["line"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](**{key: value for key, value in formatter.items() if key != "()"}))
    logger = logging.getLogger("etax.test_logs")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    logger.propagate = False
    yield lambda: json.loads(stream.getvalue().splitlines()[-1])
    logger.removeHandler(handler)


def masked(**event: Any) -> dict[str, Any]:
    return dict(without_personal_data(None, "info", event))


@pytest.mark.parametrize(
    "text",
    [
        "paid by 690302-9635604",
        "paid by 6903029635604",
        "mail to sample.person@example.com failed",
        "card 9999 0000 0000 0012",
        "card 9999000000000012",
        "account 99012345678901",
        "call 010-0000-1234",
        "GET /reset/3f9aB2c4D5e6F7a8B9c0D1e2F3a4/",
        "duplicate key value\nDETAIL:  Key (name)=(홍길동) already exists.",
        "violates check constraint\nDETAIL: Failing row contains (1, 홍길동, 1869-03-02).",
    ],
)
def test_what_names_a_person_is_masked_inside_a_text(text: str) -> None:
    shown = masked(event=text)["event"]
    for told in ("690302", "9635604", "sample.person", "0012", "9012345", "1234", "3f9aB2c4", "홍길동", "1869"):
        assert told not in shown


@pytest.mark.parametrize(
    "key", ["email", "payer_email", "name", "customer_name", "resident_number", "password", "token", "birth_date"]
)
def test_what_names_a_person_is_dropped_by_key_at_any_depth(key: str) -> None:
    line = masked(event="x", **{key: "홍길동"}, facts={key: "홍길동", "list": [{key: "홍길동"}]})
    assert "홍길동" not in json.dumps(line, ensure_ascii=False)


def test_what_tells_of_the_work_stays() -> None:
    facts = {"event": "roll.issued", "bills": 25_000, "roll_id": 7, "milliseconds": 12.5, "at": "2026-06-16T10:04:05"}
    assert masked(**facts, reference="ROLL-2026-000007") == {**facts, "reference": "ROLL-2026-000007"}


def test_a_line_of_ours_is_one_json_object(last_line: Line) -> None:
    structlog.get_logger("etax.test_logs").info("payment.settled", payment_id=12)
    line = last_line()
    assert (line["event"], line["payment_id"], line["level"], line["logger"]) == (
        "payment.settled", 12, "info", "etax.test_logs",
    )  # fmt: skip


def test_a_line_of_a_library_is_masked_too(last_line: Line) -> None:
    logging.getLogger("etax.test_logs").warning("could not send to %s", "sample.person@example.com")
    assert last_line()["event"] == "could not send to [e-mail]"


def test_a_traceback_is_masked(last_line: Line) -> None:
    try:
        raise ValueError("no such person: 690302-9635604")
    except ValueError:
        logging.getLogger("etax.test_logs").exception("failed")
    line = last_line()
    assert "ValueError" in line["exception"]
    assert "9635604" not in json.dumps(line)
