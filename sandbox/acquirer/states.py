"""The statuses of a payment and the edges between them."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    READY = "READY"
    IN_PROGRESS = "IN_PROGRESS"
    AUTHORIZED = "AUTHORIZED"
    WAITING_FOR_DEPOSIT = "WAITING_FOR_DEPOSIT"
    DONE = "DONE"
    PARTIAL_CANCELED = "PARTIAL_CANCELED"
    CANCELED = "CANCELED"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"


class Kind(StrEnum):
    APPROVAL = "APPROVAL"
    DEPOSIT = "DEPOSIT"
    CANCEL = "CANCEL"
    DEPOSIT_RETURN = "DEPOSIT_RETURN"
    CHARGEBACK = "CHARGEBACK"
    REPRESENTMENT = "REPRESENTMENT"


MONEY_IN = (Kind.APPROVAL, Kind.DEPOSIT, Kind.REPRESENTMENT)

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.READY: frozenset({Status.IN_PROGRESS, Status.ABORTED, Status.EXPIRED}),
    Status.IN_PROGRESS: frozenset({Status.AUTHORIZED, Status.DONE, Status.ABORTED, Status.EXPIRED}),
    Status.AUTHORIZED: frozenset({Status.DONE, Status.EXPIRED}),
    Status.WAITING_FOR_DEPOSIT: frozenset({Status.DONE, Status.EXPIRED, Status.CANCELED}),
    Status.DONE: frozenset({Status.PARTIAL_CANCELED, Status.CANCELED, Status.WAITING_FOR_DEPOSIT, Status.EXPIRED}),
    Status.PARTIAL_CANCELED: frozenset({Status.CANCELED}),
    Status.CANCELED: frozenset(),
    Status.ABORTED: frozenset(),
    Status.EXPIRED: frozenset({Status.CANCELED}),
}
