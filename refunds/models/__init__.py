from refunds.models.claim import Claim, ClaimFile
from refunds.models.desk import Destination, Recovery
from refunds.models.payee import Notice, Payee, Question
from refunds.models.payout import Donation, Leg, SetOff
from refunds.models.refund import Decision, Loss, Part, Refund

__all__ = [
    "Claim",
    "ClaimFile",
    "Decision",
    "Destination",
    "Donation",
    "Leg",
    "Loss",
    "Notice",
    "Part",
    "Payee",
    "Question",
    "Recovery",
    "Refund",
    "SetOff",
]
