"""The one suite that every gateway adapter passes: a part for each thing that it may declare.

An adapter's test class inherits the part of each capability that the adapter declares, no more and no fewer; what
is not declared must refuse to be called. The fixtures `gateway`, `world`, `deaf` and `signed` are the
subclass's own: `world` plays the payer and makes faults, `deaf` is an adapter whose gateway does not answer.
"""

from tests.payments.contract.accounts import AccountContract, ExactAccountContract, IssuingContract
from tests.payments.contract.base import BACK, GatewayContract, done, now, order
from tests.payments.contract.debits import DebitContract
from tests.payments.contract.money_back import (
    AccountMoneyBackContract,
    CardMoneyBackContract,
    HolderContract,
    ObjectionContract,
    SettlementContract,
)
from tests.payments.contract.notifications import HintContract, SignedContract
from tests.payments.contract.pages import CaptureContract, PageContract
from tests.payments.contract.stores import StoreCodeContract
from tests.payments.contract.telephone import PhoneEntryContract

__all__ = [
    "BACK",
    "AccountContract",
    "AccountMoneyBackContract",
    "CaptureContract",
    "CardMoneyBackContract",
    "DebitContract",
    "ExactAccountContract",
    "GatewayContract",
    "HintContract",
    "HolderContract",
    "IssuingContract",
    "ObjectionContract",
    "PageContract",
    "PhoneEntryContract",
    "SettlementContract",
    "SignedContract",
    "StoreCodeContract",
    "done",
    "now",
    "order",
]
