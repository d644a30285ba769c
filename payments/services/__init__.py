"""What may be done about payments."""

from payments.rules.allocation import Share
from payments.services.ask import ask_gateway
from payments.services.begin import (
    AmountChanged,
    BillAlreadyPaid,
    BillNotToBePaid,
    ChannelClosed,
    NotThisPart,
    PaymentRunning,
    Way,
    Wish,
    link_secret,
    rest_of,
)
from payments.services.bring_bank_file import bring_bank_file
from payments.services.cancel_payment import (
    CancellationNeedsAnother,
    CancellationRuns,
    NotCancelledHere,
    NotSoMuchLeft,
    OnlyInWhole,
    ask_cancellation,
    carry_out_cancellation,
    decide_cancellation,
)
from payments.services.collect_bank_files import collect_bank_files
from payments.services.counter import (
    ChequeKnown,
    LessLeft,
    NoDrawer,
    NotAtThisCounter,
    NotThisCheque,
    OnTheDesk,
    ask_bounce,
    count_drawer,
    decide_bounce,
    decide_drawer,
    open_drawer,
    take_at_counter,
)
from payments.services.decide_suspense import (
    Account,
    AskedAlready,
    AttemptEnded,
    DecidedByAnother,
    NothingInSuspense,
    NothingToReadAgain,
    ask_to_assign,
    ask_to_force,
    ask_to_return,
    decide_forcing,
    decide_suspense,
    replay_message,
)
from payments.services.dispute import NoRoomForFile, UnableToAnswer, add_evidence, answer_dispute
from payments.services.give_up import UnableToGiveUp, give_up
from payments.services.parts import PartChoice, part_choice
from payments.services.pay_directly import pay_directly
from payments.services.post_bank_file import post_bank_file, post_bank_files
from payments.services.return_from_card import return_from_card, return_without_paying
from payments.services.reverse import Reversal, UnableToReverse, reverse
from payments.services.route_channel import GatewayDoesNotServe, RoutesChangedMeanwhile, route_channel
from payments.services.settle import Settlement, UnknownOrder, settle, suspend
from payments.services.start_card import ReturnAddresses, Started, start_card
from payments.services.start_virtual_account import NoSuchBank, start_virtual_account
from payments.services.sweep import Swept, resolve_attempt, sweep
from payments.services.take_notification import take_notification
from payments.services.write_credit_transfers import write_credit_transfers

__all__ = [
    "Account",
    "AmountChanged",
    "AskedAlready",
    "AttemptEnded",
    "BillAlreadyPaid",
    "BillNotToBePaid",
    "CancellationNeedsAnother",
    "CancellationRuns",
    "ChannelClosed",
    "ChequeKnown",
    "DecidedByAnother",
    "GatewayDoesNotServe",
    "LessLeft",
    "NoDrawer",
    "NoRoomForFile",
    "NoSuchBank",
    "NotAtThisCounter",
    "NotCancelledHere",
    "NotSoMuchLeft",
    "NotThisCheque",
    "NotThisPart",
    "NothingInSuspense",
    "NothingToReadAgain",
    "OnTheDesk",
    "OnlyInWhole",
    "PartChoice",
    "PaymentRunning",
    "ReturnAddresses",
    "Reversal",
    "RoutesChangedMeanwhile",
    "Settlement",
    "Share",
    "Started",
    "Swept",
    "UnableToAnswer",
    "UnableToGiveUp",
    "UnableToReverse",
    "UnknownOrder",
    "Way",
    "Wish",
    "add_evidence",
    "answer_dispute",
    "ask_bounce",
    "ask_cancellation",
    "ask_gateway",
    "ask_to_assign",
    "ask_to_force",
    "ask_to_return",
    "bring_bank_file",
    "carry_out_cancellation",
    "collect_bank_files",
    "count_drawer",
    "decide_bounce",
    "decide_cancellation",
    "decide_drawer",
    "decide_forcing",
    "decide_suspense",
    "give_up",
    "link_secret",
    "open_drawer",
    "part_choice",
    "pay_directly",
    "post_bank_file",
    "post_bank_files",
    "replay_message",
    "resolve_attempt",
    "rest_of",
    "return_from_card",
    "return_without_paying",
    "reverse",
    "route_channel",
    "settle",
    "start_card",
    "start_virtual_account",
    "suspend",
    "sweep",
    "take_at_counter",
    "take_notification",
    "write_credit_transfers",
]
