"""Whoever listens, hears: each topic of the wiring is published somewhere, or is told of by an app that is to come."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from etax.wiring import SUBSCRIPTIONS

CHECKOUT: Final = Path(__file__).resolve().parent.parent.parent
APPS: Final = (
    "accounts",
    "appeals",
    "billing",
    "core",
    "filing",
    "ledger",
    "mileage",
    "payments",
    "receipts",
    "refunds",
)
# The floor above, which is not built yet: who is told of a bill electronically.
TO_COME: Final = {"notices.entitlement_changed.v1"}
CONSTANT: Final = re.compile(r'^([A-Z_]+)(?:: Final)? = "([a-z_.]+\.v\d+)"', re.M)
IN_PYTHON: Final = re.compile(r'publish\(\s*"([a-z_.]+\.v\d+)"')
IN_SQL: Final = re.compile(r"'([a-z_]+\.[a-z_]+\.v\d+)'")
PUT_TOGETHER: Final = re.compile(r"'([a-z_]+\.[a-z_]+_)' \|\|")


def told(apps: list[Path]) -> tuple[set[str], set[str]]:
    """Topics that are published, and beginnings of those that SQL puts together."""
    topics, beginnings = set[str](), set[str]()
    for app in apps:
        code = {path: path.read_text() for path in app.rglob("*.py") if "migrations" not in path.parts}
        tells = "\n".join(text for path, text in code.items() if path.stem not in ("events", "handlers"))
        named = "\n".join(text for path, text in code.items() if path.stem == "events")
        topics |= {topic for name, topic in CONSTANT.findall(named) if re.search(rf"\b{name}\b", tells)}
        topics |= {topic for name, topic in CONSTANT.findall(tells) if len(re.findall(rf"\b{name}\b", tells)) > 1}
        topics |= set(IN_PYTHON.findall("\n".join(code.values())))
        sql = "\n".join(path.read_text() for path in app.rglob("sql/*.sql"))
        topics |= set(IN_SQL.findall(sql))
        beginnings |= set(PUT_TOGETHER.findall(sql))
    return topics, beginnings


def test_every_topic_that_is_listened_to_is_published() -> None:
    topics, beginnings = told([CHECKOUT / app for app in APPS])
    silent = {topic for topic in SUBSCRIPTIONS if topic not in topics and not topic.startswith(tuple(beginnings))}
    assert silent == TO_COME
