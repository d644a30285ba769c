"""What other apps and pages ask of mileage."""

from mileage.services.accrue import reckon_bills
from mileage.services.ask import NotSoFew, TooLateToWithdraw, ask_conversion, rule_for, withdraw
from mileage.services.batches import (
    BatchNeedsAnother,
    NothingWaits,
    SentAlready,
    UnreadableAnswer,
    answer_batch,
    cash_came_back,
    decide_batch,
    draw_batch,
    send_batch,
)
from mileage.services.draw import (
    DrawnAlready,
    DrawNeedsAnother,
    NoEventHere,
    NoRuleForYear,
    YearNotBegun,
    begin_draw,
    name_event,
    reveal_draw,
)
from mileage.services.expire import expire_points
from mileage.services.notices import mail_notices, note_expiring
from mileage.services.use import NotEnoughPoints, ask_use, give_back, release, return_days, spend
from mileage.states import Way

__all__ = [
    "BatchNeedsAnother",
    "DrawNeedsAnother",
    "DrawnAlready",
    "NoEventHere",
    "NoRuleForYear",
    "NotEnoughPoints",
    "NotSoFew",
    "NothingWaits",
    "SentAlready",
    "TooLateToWithdraw",
    "UnreadableAnswer",
    "Way",
    "YearNotBegun",
    "answer_batch",
    "ask_conversion",
    "ask_use",
    "begin_draw",
    "cash_came_back",
    "decide_batch",
    "draw_batch",
    "expire_points",
    "give_back",
    "mail_notices",
    "name_event",
    "note_expiring",
    "reckon_bills",
    "release",
    "return_days",
    "reveal_draw",
    "rule_for",
    "send_batch",
    "spend",
    "withdraw",
]
