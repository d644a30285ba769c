"""The statuses of a payment and the edges between them."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    READY = "READY"
    IN_PROGRESS = "IN_PROGRESS"
    AUTHORIZED = "AUTHORIZED"
    PROCESSING = "PROCESSING"
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
    Status.PROCESSING: frozenset({Status.DONE, Status.ABORTED}),
    Status.WAITING_FOR_DEPOSIT: frozenset({Status.DONE, Status.EXPIRED, Status.CANCELED}),
    Status.DONE: frozenset({Status.PARTIAL_CANCELED, Status.CANCELED, Status.WAITING_FOR_DEPOSIT, Status.EXPIRED}),
    Status.PARTIAL_CANCELED: frozenset({Status.CANCELED}),
    Status.CANCELED: frozenset(),
    Status.ABORTED: frozenset(),
    Status.EXPIRED: frozenset({Status.CANCELED}),
}


class MandateStatus(StrEnum):
    READY = "READY"
    AGREED = "AGREED"
    ACTIVE = "ACTIVE"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"


MANDATE_TRANSITIONS: dict[MandateStatus, frozenset[MandateStatus]] = {
    MandateStatus.READY: frozenset(
        {MandateStatus.AGREED, MandateStatus.REFUSED, MandateStatus.EXPIRED, MandateStatus.ENDED}
    ),
    MandateStatus.AGREED: frozenset({MandateStatus.ACTIVE, MandateStatus.EXPIRED, MandateStatus.ENDED}),
    MandateStatus.ACTIVE: frozenset({MandateStatus.ENDED}),
    MandateStatus.REFUSED: frozenset(),
    MandateStatus.EXPIRED: frozenset(),
    MandateStatus.ENDED: frozenset(),
}
