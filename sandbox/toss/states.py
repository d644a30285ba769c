"""The statuses of a payment as Toss Payments names them, and the edges between them."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    CARD = "카드"
    VIRTUAL_ACCOUNT = "가상계좌"


class Status(StrEnum):
    READY = "READY"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_FOR_DEPOSIT = "WAITING_FOR_DEPOSIT"
    DONE = "DONE"
    PARTIAL_CANCELED = "PARTIAL_CANCELED"
    CANCELED = "CANCELED"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"


class Kind(StrEnum):
    """What happened; the wire never says it. CALL_OFF cancels an account before money came, so it moves none."""

    APPROVAL = "APPROVAL"
    DEPOSIT = "DEPOSIT"
    CALL_OFF = "CALL_OFF"
    CANCEL = "CANCEL"
    DEPOSIT_RETURN = "DEPOSIT_RETURN"


SIGN = {Kind.APPROVAL: 1, Kind.DEPOSIT: 1, Kind.CALL_OFF: 0, Kind.CANCEL: -1, Kind.DEPOSIT_RETURN: -1}
CANCELLATIONS = (Kind.CALL_OFF, Kind.CANCEL)
APPROVED = (Status.WAITING_FOR_DEPOSIT, Status.DONE, Status.PARTIAL_CANCELED, Status.CANCELED)

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.READY: frozenset({Status.IN_PROGRESS, Status.ABORTED, Status.EXPIRED}),
    Status.IN_PROGRESS: frozenset({Status.DONE, Status.ABORTED, Status.EXPIRED}),
    Status.WAITING_FOR_DEPOSIT: frozenset({Status.DONE, Status.CANCELED}),
    Status.DONE: frozenset({Status.PARTIAL_CANCELED, Status.CANCELED, Status.WAITING_FOR_DEPOSIT}),
    Status.PARTIAL_CANCELED: frozenset(),
    Status.CANCELED: frozenset(),
    Status.ABORTED: frozenset(),
    Status.EXPIRED: frozenset(),
}
