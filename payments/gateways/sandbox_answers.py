"""The sandbox acquirer's answers as outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from payments.gateways import reading
from payments.gateways.base import Declined, Outcome, Pending, Succeeded, Unknown
from payments.gateways.http import Answer

T = TypeVar("T")
# Answers that do not say what became of it: ask. A repetition of what was heard before finds its number taken.
UNDECIDED: Final = frozenset(
    {
        "ALREADY_PROCESSED_PAYMENT",
        "IDEMPOTENT_REQUEST_PROCESSING",
        "DUPLICATED_ORDER_ID",
        "DUPLICATED_MANDATE_ID",
        "NOT_AGREED_MANDATE",
    }
)
# Our own mistake, or our key's: says nothing about the payment.
OURS: Final = frozenset({"UNAUTHORIZED_KEY", "INVALID_IDEMPOTENCY_KEY", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE"})


def outcome(answer: Answer | Unknown, read: Callable[[Any], T]) -> Outcome[T]:
    if isinstance(answer, Unknown):
        return answer
    if answer.good:
        try:
            return Succeeded(read(answer.body))
        except (reading.Unreadable, AttributeError) as error:
            return Unknown(f"unreadable answer: {error}")
    if answer.code in UNDECIDED:
        return Pending()
    if answer.code in OURS or answer.status in {408, 429}:
        return Unknown(answer.code)
    return Declined(answer.code, not_found=answer.status == 404)
