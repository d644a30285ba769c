"""Faults on demand: a bounded list of rules, each used up a given number of times. Kept in memory only."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox import fields
from sandbox.errors import ApiError

MOST = 100
MODES = ("close", "hang", "error")


@dataclass
class Fault:
    id: int
    fault: str
    remaining: int
    orderId: str | None  # noqa: N815 - the wire's own spelling
    endpoint: str | None
    eventType: str | None  # noqa: N815
    seconds: float | None
    amount: int | None
    code: str | None
    mode: str

    def fits(self, *, order_id: str | None, event_type: str | None) -> bool:
        return self.orderId in (None, order_id) and self.eventType in (None, event_type)


class Faults:
    """`named_only` are endpoints that a fault without endpoint does not touch; `codes` may be refused with."""

    def __init__(
        self,
        kinds: Collection[str],
        endpoints: Collection[str] = (),
        named_only: Collection[str] = (),
        codes: Collection[str] = (),
    ) -> None:
        self._kinds = kinds
        self._endpoints = endpoints
        self._named_only = named_only
        self._codes = codes
        self._ids = itertools.count(1)
        self._rules: dict[int, Fault] = {}

    def add(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if len(self._rules) >= MOST:
            raise ApiError("INVALID_REQUEST", f"at most {MOST} faults")
        kind = fields.text(body, "fault", longest=40)
        if kind not in self._kinds:
            raise fields.invalid("fault", "one of " + ", ".join(self._kinds))
        endpoint = fields.optional_text(body, "endpoint", longest=40)
        if endpoint is not None and endpoint not in self._endpoints:
            raise fields.invalid("endpoint", "one of " + ", ".join(self._endpoints))
        code = fields.optional_text(body, "code", longest=60)
        if code is not None and code not in self._codes:
            raise fields.invalid("code", "an error code of this gateway")
        mode = fields.optional_text(body, "mode", longest=10) or "close"
        if mode not in MODES:
            raise fields.invalid("mode", "one of " + ", ".join(MODES))
        rule = Fault(
            id=next(self._ids),
            fault=kind,
            remaining=1 if body.get("times") is None else fields.whole(body, "times", low=1, high=1000),
            orderId=fields.optional_text(body, "orderId", longest=64),
            endpoint=endpoint,
            eventType=fields.optional_text(body, "eventType", longest=40),
            seconds=_seconds(body),
            amount=None if body.get("amount") is None else fields.amount(body, "amount"),
            code=code,
            mode=mode,
        )
        self._rules[rule.id] = rule
        return asdict(rule)

    def take(
        self, kind: str, *, order_id: str | None = None, endpoint: str | None = None, event_type: str | None = None
    ) -> Fault | None:
        """The first rule of this kind that fits, used up by one."""
        for rule in self._rules.values():
            here = rule.endpoint == endpoint or (rule.endpoint is None and endpoint not in self._named_only)
            if rule.fault == kind and here and rule.fits(order_id=order_id, event_type=event_type):
                rule.remaining -= 1
                if rule.remaining == 0:
                    del self._rules[rule.id]
                return rule
        return None

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self._rules.values()]

    def remove(self, fault_id: int | None = None) -> None:
        if fault_id is None:
            self._rules.clear()
        elif self._rules.pop(fault_id, None) is None:
            raise ApiError("NOT_FOUND")


def _seconds(body: Mapping[str, Any]) -> float | None:
    value = body.get("seconds")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 600:
        raise fields.invalid("seconds", "a number from 0 to 600")
    return float(value)
