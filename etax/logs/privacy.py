"""Takes personal data out of a log line, whoever wrote it.

A log is read by people who have no business knowing a taxpayer, and is kept where deletion is hard. What names a
person is dropped by key; what looks like an e-mail address, a number of a person or card, a telephone or a secret is
masked wherever it stands, also in tracebacks, where PostgreSQL quotes the row it refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

DROPPED: Final = re.compile(
    r"(^|_)(e?mail|name|names|holder|depositor|recipient|address|phone|mobile|birth\w*|resident\w*|passport\w*|"
    r"password|passphrase|secret|token|otp|code|cookie|authorization|session|session_?key|card|account_?number|pin|body)$",
    re.IGNORECASE,
)
VERBATIM: Final = frozenset({"timestamp", "level", "logger", "request"})  # ours, and checked where they are made
KEPT: Final = frozenset({"task_name", "status_code", "error_code", "function_name", "levying_body"})

MASKS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"^(?:psycopg\.errors\.\w+: )?(DETAIL|CONTEXT|LINE \d+|QUERY): .*$", re.MULTILINE), r"\1: …"),
    (re.compile(r"(Key \([^)]*\))=\(.*?\)(?= |$)", re.MULTILINE), r"\1=(…)"),
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<!\d)\d{6}[- ]?[0-9]\d{6}(?!\d)"), "[resident number]"),
    (re.compile(r"(?<!\d)\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{2,4}(?!\d)"), "[card number]"),
    (re.compile(r"(?<!\d)0(?:1\d|2|[3-6]\d|70)[- .]?\d{3,4}[- .]?\d{4}(?!\d)"), "[telephone]"),
    (re.compile(r"(?<!\d)\d{3}-\d{2}-\d{5}(?!\d)"), "[business number]"),
    (re.compile(r"(?<![\w.])(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{24,}(?![\w.])"), "[token]"),
    (re.compile(r"(?<![\d.])\d{12,}(?!\d)"), "[number]"),
)


def without_personal_data(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor; runs after tracebacks have become text."""
    for key in [key for key in event if _is_personal(key)]:
        event[key] = "[left out]"
    for key, value in event.items():
        if key not in VERBATIM:
            event[key] = _masked(value)
    return event


def _is_personal(key: str) -> bool:
    return key not in KEPT and DROPPED.search(key) is not None


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in MASKS:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {key: "[left out]" if _is_personal(str(key)) else _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner) for inner in value]
    if isinstance(value, bool | int | float | None):
        return value
    return _masked(str(value))
