"""Where a taxpayer lives: the present address ends where the next one begins."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import TaxpayerAddress
from core import audit
from core.errors import Refusal


class AddressNotLater(Refusal):
    message = _("The new address must begin after the present one.")


class AddressToCome(Refusal):
    message = _("The first day at the new address lies in the future. Record the move once it has happened.")


def move_address(
    *, taxpayer_id: int, text: str, starts_on: date, actor_id: int | None = None, reason: str = ""
) -> None:
    """Record a new present address; the old one stays in the history. Raises `AddressNotLater`."""
    with transaction.atomic():
        present = TaxpayerAddress.objects.select_for_update().filter(taxpayer_id=taxpayer_id, ends_on=None).first()
        if present is not None:
            if present.starts_on >= starts_on:
                raise AddressNotLater
            present.ends_on = starts_on
            present.save(update_fields=["ends_on"])
        TaxpayerAddress.objects.create(taxpayer_id=taxpayer_id, text=text, starts_on=starts_on)
        audit.record(
            action="accounts.address_moved",
            subject=f"taxpayer:{taxpayer_id}",
            actor_id=actor_id,
            taxpayer_id=taxpayer_id,
            reason=reason,
        )
