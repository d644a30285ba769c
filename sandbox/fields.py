"""Reads values out of JSON that somebody else wrote. Every refusal names the field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox import clock
from sandbox.errors import ApiError

AMOUNT_LIMIT = 9_999_999_999_999


def invalid(name: str, why: str) -> ApiError:
    return ApiError("INVALID_REQUEST", f"{name}: {why}")


def parse_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`. Deep nesting, huge numbers and broken UTF-8 are refused like any other nonsense."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise invalid("body", "not JSON") from error
    if not isinstance(value, dict):
        raise invalid("body", "not an object")
    return value


def text(body: Mapping[str, Any], name: str, *, longest: int, shortest: int = 1) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise invalid(name, "text is required")
    if not shortest <= len(value) <= longest:
        raise invalid(name, f"{shortest} to {longest} characters")
    if not value.isprintable():  # also lone surrogates and line breaks
        raise invalid(name, "has characters that cannot be printed")
    return value


def optional_text(body: Mapping[str, Any], name: str, *, longest: int) -> str | None:
    return None if body.get(name) is None else text(body, name, longest=longest)


def whole(body: Mapping[str, Any], name: str, *, low: int, high: int) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise invalid(name, f"a whole number from {low} to {high}")
    return value


def amount(body: Mapping[str, Any], name: str) -> int:
    return whole(body, name, low=1, high=AMOUNT_LIMIT)


def currency(body: Mapping[str, Any]) -> str:
    value = text(body, "currency", longest=3, shortest=3)
    if not (value.isascii() and value.isalpha() and value.isupper()):
        raise invalid("currency", "three capital letters")
    return value


def order_id(body: Mapping[str, Any], name: str = "orderId") -> str:
    value = text(body, name, longest=64, shortest=6)
    if not value.isascii() or not value.replace("_", "").replace("-", "").isalnum():
        raise invalid(name, "letters, digits, _ and - only")
    return value


def web_address(body: Mapping[str, Any], name: str) -> str:
    value = text(body, name, longest=2000)
    try:
        parts = urlsplit(value)
        ok = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        ok = False
    if not ok or not value.isascii() or any(mark in value for mark in " ;,'\"<>\\"):
        raise invalid(name, "an absolute http(s) address")
    return value


def moment(value: str, name: str) -> int:
    try:
        return clock.parse(value)
    except ValueError as error:
        raise invalid(name, "an ISO 8601 date and time") from error
