"""What may be done about payments."""

from payments.rules.allocation import Share
from payments.services.answer_transfers import answer_transfers
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
from payments.services.decide_batch import (
    BatchChanged,
    BatchNeedsAnother,
    BatchNotWithdrawn,
    UnableToRepeat,
    agree_to_batch,
    repeat_transfer,
    withdraw_batch,
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
from payments.services.order_transfer import (
    Creditor,
    Owed,
    TransferOrderedOtherwise,
    UnableToOrderTransfer,
    order_transfer,
    withdraw_transfer,
)
from payments.services.parts import PartChoice, part_choice
from payments.services.pay_directly import pay_directly
from payments.services.pay_with_points import PaidWithPoints, pay_with_points
from payments.services.post_bank_file import post_bank_file, post_bank_files
from payments.services.return_from_card import return_from_card, return_without_paying
from payments.services.reverse import Reversal, UnableToReverse, reverse
from payments.services.route_channel import GatewayDoesNotServe, RoutesChangedMeanwhile, route_channel
from payments.services.send_transfers import drop_transfer_files, send_transfers, write_transfer_files
from payments.services.settle import Settlement, UnknownOrder, settle, suspend
from payments.services.start_card import ReturnAddresses, Started, start_card
from payments.services.start_virtual_account import NoSuchBank, start_virtual_account
from payments.services.sweep import Swept, resolve_attempt, sweep
from payments.services.take_notification import take_notification
from payments.services.write_credit_transfers import write_credit_transfers
from payments.states import TransferPurpose

__all__ = [
    "Account",
    "AmountChanged",
    "AskedAlready",
    "AttemptEnded",
    "BatchChanged",
    "BatchNeedsAnother",
    "BatchNotWithdrawn",
    "BillAlreadyPaid",
    "BillNotToBePaid",
    "CancellationNeedsAnother",
    "CancellationRuns",
    "ChannelClosed",
    "ChequeKnown",
    "Creditor",
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
    "Owed",
    "PaidWithPoints",
    "PartChoice",
    "PaymentRunning",
    "ReturnAddresses",
    "Reversal",
    "RoutesChangedMeanwhile",
    "Settlement",
    "Share",
    "Started",
    "Swept",
    "TransferOrderedOtherwise",
    "TransferPurpose",
    "UnableToAnswer",
    "UnableToGiveUp",
    "UnableToOrderTransfer",
    "UnableToRepeat",
    "UnableToReverse",
    "UnknownOrder",
    "Way",
    "Wish",
    "add_evidence",
    "agree_to_batch",
    "answer_dispute",
    "answer_transfers",
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
    "drop_transfer_files",
    "give_up",
    "link_secret",
    "open_drawer",
    "order_transfer",
    "part_choice",
    "pay_directly",
    "pay_with_points",
    "post_bank_file",
    "post_bank_files",
    "repeat_transfer",
    "replay_message",
    "resolve_attempt",
    "rest_of",
    "return_from_card",
    "return_without_paying",
    "reverse",
    "route_channel",
    "send_transfers",
    "settle",
    "start_card",
    "start_virtual_account",
    "suspend",
    "sweep",
    "take_at_counter",
    "take_notification",
    "withdraw_batch",
    "withdraw_transfer",
    "write_credit_transfers",
    "write_transfer_files",
]
