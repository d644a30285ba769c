"""What may be done about refunds."""

from refunds.services.ask import DecidedMeanwhile, NotYoursToAsk, ask_for, ask_for_all
from refunds.services.carry_out import carry_out
from refunds.services.claim import (
    ClaimAnswered,
    ClaimWish,
    NoSuchClaim,
    TaxRaised,
    claim,
    grant_claim,
    refuse_claim,
    tell_of_answers,
)
from refunds.services.claim_files import NoRoomForFile, add_claim_file, look_at_claim_files
from refunds.services.decide import (
    Assessment,
    BatchTooLarge,
    CanNotBe,
    DayNeeded,
    EarlierFirst,
    NotRejected,
    NotYoursToDecide,
    SampleFirst,
    StaleRefund,
    approve_batch,
    assess_refund,
    batch_at_most,
    decide_refund,
    reopen_refund,
)
from refunds.services.destination import (
    DestinationNotDecided,
    DestinationNotTaken,
    ask_destination,
    decide_destination,
)
from refunds.services.find import look_at_all, look_at_bill
from refunds.services.payee import AccountNotTaken, ask_banks, banks, name_account
from refunds.services.question import answer_questions, ask_whether
from refunds.services.recover import (
    RecoveryNotDecided,
    RecoveryNotTaken,
    RecoveryStale,
    ask_recovery,
    decide_recovery,
)
from refunds.services.rounds import nightly, send_refunds, talk

__all__ = [
    "AccountNotTaken",
    "Assessment",
    "BatchTooLarge",
    "CanNotBe",
    "ClaimAnswered",
    "ClaimWish",
    "DayNeeded",
    "DecidedMeanwhile",
    "DestinationNotDecided",
    "DestinationNotTaken",
    "EarlierFirst",
    "NoRoomForFile",
    "NoSuchClaim",
    "NotRejected",
    "NotYoursToAsk",
    "NotYoursToDecide",
    "RecoveryNotDecided",
    "RecoveryNotTaken",
    "RecoveryStale",
    "SampleFirst",
    "StaleRefund",
    "TaxRaised",
    "add_claim_file",
    "answer_questions",
    "approve_batch",
    "ask_banks",
    "ask_destination",
    "ask_for",
    "ask_for_all",
    "ask_recovery",
    "ask_whether",
    "assess_refund",
    "banks",
    "batch_at_most",
    "carry_out",
    "claim",
    "decide_destination",
    "decide_recovery",
    "decide_refund",
    "grant_claim",
    "look_at_all",
    "look_at_bill",
    "look_at_claim_files",
    "name_account",
    "nightly",
    "refuse_claim",
    "reopen_refund",
    "send_refunds",
    "talk",
    "tell_of_answers",
]
