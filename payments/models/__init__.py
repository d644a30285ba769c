"""Tables of payments. Amounts are `bigint` minor units; pages show them as money."""

from payments.models.attempt import Attempt, AttemptItem, VirtualAccount
from payments.models.channel import GatewayChannel
from payments.models.inbox import InboxMessage
from payments.models.payment import Payment

__all__ = ["Attempt", "AttemptItem", "GatewayChannel", "InboxMessage", "Payment", "VirtualAccount"]
