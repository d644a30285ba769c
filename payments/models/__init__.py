"""Tables of payments. Amounts are `bigint` minor units; pages show them as money."""

from payments.models.atm import AtmTransaction
from payments.models.attempt import Attempt, AttemptItem, VirtualAccount
from payments.models.bank import BankFile, BankLine
from payments.models.basket import Basket, BasketItem
from payments.models.call import Call, CallCheck, PayLink, PayLinkItem, PhoneCall
from payments.models.cancellation import Cancellation
from payments.models.channel import GatewayChannel, GatewayHealth
from payments.models.counter import Bounce, CounterPayment, Drawer
from payments.models.day import BusinessDay, Difference, Distribution, Payout, SettlementLine
from payments.models.dispute import Dispute, DisputeFile
from payments.models.inbox import InboxMessage
from payments.models.mandate import Debit, DebitLetter, DebitTry, Mandate
from payments.models.payment import Payment
from payments.models.pool import PooledNumber
from payments.models.reversal import Reversal, ReversalPart
from payments.models.suspense import ForcedState, SuspenseCase
from payments.models.transfer import Transfer, TransferBatch

__all__ = [
    "AtmTransaction",
    "Attempt",
    "AttemptItem",
    "BankFile",
    "BankLine",
    "Basket",
    "BasketItem",
    "Bounce",
    "BusinessDay",
    "Call",
    "CallCheck",
    "Cancellation",
    "CounterPayment",
    "Debit",
    "DebitLetter",
    "DebitTry",
    "Difference",
    "Dispute",
    "DisputeFile",
    "Distribution",
    "Drawer",
    "ForcedState",
    "GatewayChannel",
    "GatewayHealth",
    "InboxMessage",
    "Mandate",
    "PayLink",
    "PayLinkItem",
    "Payment",
    "Payout",
    "PhoneCall",
    "PooledNumber",
    "Reversal",
    "ReversalPart",
    "SettlementLine",
    "SuspenseCase",
    "Transfer",
    "TransferBatch",
    "VirtualAccount",
]
