"""Points as a way to pay: the gateway is our own brother below, `mileage`, and its word is in the same database.

There is nobody to call. Points are kept for an attempt when the payer asks (`payments.services.pay_with_points`);
asked about it here, they are money that came at that moment, and `payments_settle` spends them as it posts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from billing import selectors as bills
from core import clock
from mileage import selectors as mileage
from mileage import services as points
from payments.gateways.base import (
    Capability,
    Declined,
    GatewayPayment,
    Movement,
    MovementKind,
    Notification,
    Outcome,
    RefusedNotification,
    ReturnAccount,
    Stage,
    Succeeded,
)
from payments.gateways.undeclared import Undeclared
from payments.models import AttemptItem


class OwnPoints(Undeclared):
    """The city's points."""

    name = "mileage"
    capabilities = frozenset({Capability.INQUIRE, Capability.CANCEL, Capability.PARTIAL_CANCEL})

    def close(self) -> None:
        """Nothing is held open."""

    def inquire(self, *, reference: str) -> Outcome[GatewayPayment]:
        """Kept points are paid points. Where the bills owe less by now, the points are free again instead."""
        if not _still_owed(reference):
            points.release(reference=reference, because="the bill owes less by now", at=clock.now())
        use = mileage.use_of(reference=reference)
        if use is None:
            return Declined("NOT_FOUND", not_found=True)
        return Succeeded(_told(use))

    def cancel(
        self,
        *,
        gateway_key: str,
        reason: str,
        amount: int | None,
        believed: int,
        key: str,
        to: ReturnAccount | None = None,
    ) -> Outcome[GatewayPayment]:
        """Give points back to their holder; the same key again gives nothing back twice."""
        use = mileage.use_of(reference=gateway_key)
        if use is None:
            return Declined("NOT_FOUND", not_found=True)
        if all(one.key != key for one in use.given_back):
            if use.left != believed:
                return Declined("LESS_IS_LEFT")
            points.give_back(reference=gateway_key, key=key, points=amount or believed, at=clock.now())
        return self.inquire(reference=gateway_key)

    def read_notification(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Notification:
        raise RefusedNotification("points tell nothing from outside")


def _still_owed(reference: str) -> bool:
    items = dict(AttemptItem.objects.filter(attempt__reference=reference, live=True).values_list("bill_id", "amount"))
    owed = bills.owed(bill_ids=list(items), at=clock.now())
    return all(bill in owed and owed[bill].total >= amount for bill, amount in items.items())


def _told(use: mileage.UseFacts) -> GatewayPayment:
    came = Movement(use.reference, MovementKind.APPROVAL, use.points, use.asked_at)
    back = [
        Movement(f"{use.reference}/{one.key}", MovementKind.CANCEL, one.points, one.at, of=use.reference)
        for one in use.given_back
    ]
    return GatewayPayment(
        reference=use.reference,
        gateway_key=use.reference,
        stage=Stage.ABORTED if use.released else Stage.DONE if use.left else Stage.CANCELLED,
        amount=use.points,
        currency=settings.ETAX_CURRENCY,
        movements=() if use.released else (came, *back),
        failure="POINTS_RELEASED" if use.released else "",
    )
