"""Money for points (mileage.events): to whoever turned them into money, and to partners for what they gave out."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from accounts.services.levying_bodies import city_code
from ledger.services import Purpose
from mileage import selectors as mileage
from mileage.events import PARTNER
from payments.services.order_transfer import Creditor, Owed, order_transfer
from payments.states import TransferPurpose

TEXT: Final = "마일리지"


def pay_for_points(*, reference: str, at: datetime) -> int:
    """Order the transfer for points that became money, once for a use; its number. Worker only."""
    order = mileage.cash_order(reference=reference)
    return _order(reference, Creditor(order.bank, order.account, order.holder), order.amount, at)


def pay_partner(*, way: str, partner: str, amount: int, key: str, at: datetime) -> int:
    """Order the transfer for what a partner did for points, once for `key`; its number. Worker only."""
    account = mileage.partner_of(way=way, code=partner)
    return _order(f"{PARTNER}{key}", Creditor(account.bank, account.account, account.holder), amount, at)


def _order(key: str, to: Creditor, amount: int, at: datetime) -> int:
    owed = Owed(city_code(), "mileage", Purpose.REFUND_PAYABLE)
    return order_transfer(purpose=TransferPurpose.MILEAGE, key=key, to=to, amount=amount, text=TEXT, owed=owed, at=at)
