"""Every state of a payment attempt (결제 시도), every way between them, and the few that a person sees."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Transitions


class Channel(TextChoices):
    """The way that money takes (수납 채널). Their names on receipts stand in `payments_channel_name`."""

    CARD = "card", _("Card")
    VIRTUAL_ACCOUNT = "virtual_account", _("Virtual account")
    ATM = "atm", _("Cash machine (ATM)")
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    AUTOMATIC_DEBIT = "automatic_debit", _("Automatic debit")
    WALLET = "wallet", _("Mobile wallet")
    CARRIER = "carrier", _("Mobile phone bill")
    GIRO = "giro", _("Giro slip")
    CONVENIENCE_STORE = "convenience_store", _("Convenience store")
    ARS = "ars", _("Telephone (ARS)")
    COUNTER = "counter", _("Counter")
    MILEAGE = "mileage", _("Points")
    # No money moves: what the city owes somebody back pays their bill (충당).
    SET_OFF = "set_off", _("Set off against a refund")


# The payer agrees on a page of the gateway's; nothing is taken before we confirm.
ON_A_PAGE: Final = (Channel.CARD, Channel.WALLET, Channel.CARRIER)
# Begun by the city's agent on the telephone; no page of the payer's offers it.
BY_AN_AGENT: Final = (Channel.ARS,)


# A number is given out, and money comes to it when the payer has gone to a bank or a store.
BY_A_NUMBER: Final = (Channel.VIRTUAL_ACCOUNT, Channel.CONVENIENCE_STORE)


class Status(TextChoices):
    """Inside: what we know. `CREATED` and `CONFIRMING` mean that a gateway was asked and its answer is not here yet."""

    CREATED = "created", _("Being prepared")
    WAITING = "waiting", _("Waiting for payment")
    CONFIRMING = "confirming", _("Being confirmed")
    PAID = "paid", _("Payment complete")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


# A late success beats every earlier end: where money came, the attempt is paid.
TRANSITIONS: Final[Transitions] = {
    Status.CREATED: frozenset({Status.WAITING, Status.DECLINED, Status.EXPIRED, Status.PAID}),
    Status.WAITING: frozenset({Status.CONFIRMING, Status.DECLINED, Status.EXPIRED, Status.CANCELLED, Status.PAID}),
    # Back to waiting: the payer came to our return page without having agreed at the gateway.
    Status.CONFIRMING: frozenset({Status.WAITING, Status.DECLINED, Status.EXPIRED, Status.CANCELLED, Status.PAID}),
    Status.DECLINED: frozenset({Status.PAID}),
    Status.EXPIRED: frozenset({Status.PAID}),
    Status.CANCELLED: frozenset({Status.PAID}),
    # Its money was taken back: all of it, or the bank's deposit into an account that is open again.
    Status.PAID: frozenset({Status.CANCELLED, Status.WAITING}),
}
# While an attempt is live, no second one of its channel is started for the same bill.
LIVE: Final = (Status.CREATED, Status.WAITING, Status.CONFIRMING)


class Shown(TextChoices):
    """Outside: what a person is told."""

    WAITING = "waiting", _("Waiting for payment")
    CHECKING = "checking", _("We are checking")
    PAID = "paid", _("Payment complete")
    NOT_PAID = "not_paid", _("Not paid")
    CANCELLED = "cancelled", _("Cancelled")
    TAKEN_BACK = "taken_back", _("Payment taken back")


SHOWN: Final = {
    Status.CREATED: Shown.CHECKING,
    Status.WAITING: Shown.WAITING,
    Status.CONFIRMING: Shown.CHECKING,
    Status.PAID: Shown.PAID,
    Status.DECLINED: Shown.NOT_PAID,
    Status.EXPIRED: Shown.NOT_PAID,
    Status.CANCELLED: Shown.CANCELLED,
}


class TakenBy(TextChoices):
    """How money that had come was taken back (수납 취소)."""

    CANCEL = "cancel", _("Payment cancelled")
    DEPOSIT_RETURN = "deposit_return", _("Deposit taken back by the bank")
    CHARGEBACK = "chargeback", _("Objection of the cardholder")
    REVERSAL = "reversal", _("Payment undone by the bank")
    BOUNCE = "bounce", _("Cheque not honoured")


class Means(TextChoices):
    """What a payer puts on the desk of a counter (창구)."""

    CASH = "cash", _("Cash")
    CHEQUE = "cheque", _("Cheque")


class DrawerStatus(TextChoices):
    """A cashier's drawer; a count that a second officer does not approve opens it again."""

    OPEN = "open", _("Open")
    COUNTED = "counted", _("Counted, waiting for a second officer")
    CLOSED = "closed", pgettext_lazy("drawer", "Closed")


class CancelStatus(TextChoices):
    """A card payment that officers give back."""

    ASKED = "asked", _("Waiting for a second officer")
    APPROVED = "approved", _("Being carried out by the gateway")
    DONE = "done", _("Given back")
    REJECTED = "rejected", _("Not approved")
    DECLINED = "declined", _("Refused by the gateway")


CANCEL_TRANSITIONS: Final[Transitions] = {
    CancelStatus.ASKED: frozenset({CancelStatus.APPROVED, CancelStatus.REJECTED}),
    CancelStatus.APPROVED: frozenset({CancelStatus.DONE, CancelStatus.DECLINED}),
    CancelStatus.DONE: frozenset[str](),
    CancelStatus.REJECTED: frozenset[str](),
    CancelStatus.DECLINED: frozenset[str](),
}


class DisputeStatus(TextChoices):
    """The objection of a cardholder (이의제기), as the city's officers follow it."""

    OPEN = "open", _("To be answered")
    SENDING = "sending", _("The answer is being sent")
    REPRESENTED = "represented", _("Answered; the card company decides")
    REFUSED = "refused", _("The card company did not take the answer")
    WON = "won", _("Won: the money came back")
    LOST = "lost", _("Lost: the bill is owed")


# Won and lost are told by the gateway (`payments_dispute_told`), whatever we had come to.
DISPUTE_TRANSITIONS: Final[Transitions] = {
    DisputeStatus.OPEN: frozenset({DisputeStatus.SENDING, DisputeStatus.WON, DisputeStatus.LOST}),
    DisputeStatus.SENDING: frozenset(
        {DisputeStatus.REPRESENTED, DisputeStatus.REFUSED, DisputeStatus.WON, DisputeStatus.LOST}
    ),
    DisputeStatus.REPRESENTED: frozenset({DisputeStatus.WON, DisputeStatus.LOST}),
    DisputeStatus.REFUSED: frozenset({DisputeStatus.WON, DisputeStatus.LOST}),
    DisputeStatus.WON: frozenset[str](),
    DisputeStatus.LOST: frozenset[str](),
}


class SuspenseWay(TextChoices):
    """What becomes of money in suspense (가수금)."""

    ASSIGN = "assign", _("It pays a bill")
    RETURN = "return", _("It goes back to who sent it")


class DeskStatus(TextChoices):
    """What one officer asks for and a second decides."""

    ASKED = "asked", _("Waiting for a second officer")
    DONE = "done", _("Approved and done")
    REJECTED = "rejected", _("Not approved")


class Verdict(TextChoices):
    """What became of a message in the inbox."""

    RECEIVED = "received", _("Received")
    PROCESSED = "processed", _("Processed")
    TO_ASK = "to_ask", _("To be asked at the gateway")
    UNKNOWN_ORDER = "unknown_order", _("Names no payment of ours")
    REFUSED = "refused", _("Refused: origin not proved")
    SET_ASIDE = "set_aside", _("Set aside: makes no sense")


class AtmState(TextChoices):
    """A payment at a cash machine. `WITHDRAWN`: its reversal was here before it, or undid a payment we declined."""

    PAID = "paid", _("Payment complete")
    DECLINED = "declined", _("Declined")
    REVERSED = "reversed", _("Taken back")
    WITHDRAWN = "withdrawn", _("Taken back before it came")


class TransferPurpose(TextChoices):
    """Why the city sends money. Whoever orders it names it by a key of their own."""

    REMITTANCE = "remittance", _("Remittance to a district")
    REFUND = "refund", _("Refund")
    MILEAGE = "mileage", _("Money for points")


class TransferStatus(TextChoices):
    """A credit transfer (이체) of the city's. `SENT`: its file may be with the bank, whose answer is not here."""

    ORDERED = "ordered", _("Waits for its file")
    FILED = "filed", _("In a file that waits for approval")
    SENT = "sent", _("With the bank, not answered yet")
    ACCEPTED = "accepted", _("Accepted by the bank")
    BOOKED = "booked", _("Left our account")
    REJECTED = "rejected", _("Rejected by the bank")
    RETURNED = "returned", _("Came back")
    WITHDRAWN = "withdrawn", _("Withdrawn before it was sent")


# The statement proves more than an answer does; nothing is undone but by the bank's word or its money.
TRANSFER_TRANSITIONS: Final[Transitions] = {
    TransferStatus.ORDERED: frozenset({TransferStatus.FILED, TransferStatus.WITHDRAWN}),
    TransferStatus.FILED: frozenset({TransferStatus.SENT, TransferStatus.ORDERED}),
    TransferStatus.SENT: frozenset(
        {TransferStatus.ACCEPTED, TransferStatus.REJECTED, TransferStatus.BOOKED, TransferStatus.RETURNED}
    ),
    TransferStatus.ACCEPTED: frozenset({TransferStatus.REJECTED, TransferStatus.BOOKED, TransferStatus.RETURNED}),
    TransferStatus.BOOKED: frozenset({TransferStatus.RETURNED}),
    TransferStatus.REJECTED: frozenset[str](),
    TransferStatus.RETURNED: frozenset[str](),
    TransferStatus.WITHDRAWN: frozenset[str](),
}


class BatchStatus(TextChoices):
    """A file of transfers (pain.001): written by the worker, approved by one officer, released by a second."""

    WRITTEN = "written", _("Waits for approval")
    APPROVED = "approved", _("Approved; waits for a second officer")
    RELEASED = "released", _("Released; goes to the bank within a minute")
    SENT = "sent", _("Sent to the bank")
    WITHDRAWN = "withdrawn", _("Not sent; its transfers wait for another file")


BATCH_TRANSITIONS: Final[Transitions] = {
    BatchStatus.WRITTEN: frozenset({BatchStatus.APPROVED, BatchStatus.WITHDRAWN}),
    BatchStatus.APPROVED: frozenset({BatchStatus.RELEASED, BatchStatus.WITHDRAWN}),
    BatchStatus.RELEASED: frozenset({BatchStatus.SENT}),
    BatchStatus.SENT: frozenset[str](),
    BatchStatus.WITHDRAWN: frozenset[str](),
}


class CallStatus(TextChoices):
    """A call at the call centre. `LOCKED`: too many wrong answers; nothing is shown or done in it any more."""

    OPEN = "open", _("The caller is not checked yet")
    CHECKED = "checked", _("The caller is checked")
    LOCKED = "locked", _("Locked after wrong answers")
    ENDED = "ended", _("Ended")


class LinkSending(TextChoices):
    """The text message with a link to pay. `ASKED` also where the provider's answer was lost: it is asked again."""

    ASKED = "asked", _("Being sent")
    ACCEPTED = "accepted", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Not delivered")


LINK_TRANSITIONS: Final[Transitions] = {
    LinkSending.ASKED: frozenset({LinkSending.ACCEPTED, LinkSending.DELIVERED, LinkSending.FAILED}),
    LinkSending.ACCEPTED: frozenset({LinkSending.DELIVERED, LinkSending.FAILED}),
    LinkSending.DELIVERED: frozenset[str](),
    LinkSending.FAILED: frozenset[str](),
}


class MandateStatus(TextChoices):
    """Leave to debit a taxpayer's account (자동이체 동의). `CONFIRMING`: the holder agreed and the bank is told yes;
    `ENDING`: the bank is told that it ends. Only an active one is debited."""

    ASKED = "asked", _("Waiting for the bank")
    CONFIRMING = "confirming", _("Being confirmed")
    ACTIVE = "active", _("Active")
    ENDING = "ending", _("Being ended")
    ENDED = "ended", _("Ended")
    REFUSED = "refused", _("Not agreed on")


MANDATE_TRANSITIONS: Final[Transitions] = {
    # Agreed on and ended at the bank before we asked: it never was in force here.
    MandateStatus.ASKED: frozenset({MandateStatus.CONFIRMING, MandateStatus.ACTIVE, MandateStatus.REFUSED}),
    MandateStatus.CONFIRMING: frozenset({MandateStatus.ASKED, MandateStatus.ACTIVE, MandateStatus.REFUSED}),
    MandateStatus.ACTIVE: frozenset({MandateStatus.ENDING, MandateStatus.ENDED}),
    MandateStatus.ENDING: frozenset({MandateStatus.ENDED}),
    MandateStatus.ENDED: frozenset[str](),
    MandateStatus.REFUSED: frozenset[str](),
}
# While a mandate is one of these, its taxpayer gives no second one.
MANDATE_LIVE: Final = (MandateStatus.ASKED, MandateStatus.CONFIRMING, MandateStatus.ACTIVE, MandateStatus.ENDING)


class DebitStatus(TextChoices):
    """What falls due of a bill on a day, to be debited (자동이체 출금). `NOT_NEEDED`: paid in another way by then."""

    DUE = "due", _("To be debited")
    TRYING = "trying", _("Being debited")
    DONE = "done", _("Debited")
    FAILED = "failed", _("Not debited")
    NOT_NEEDED = "not_needed", _("Nothing was owed any more")


DEBIT_TRANSITIONS: Final[Transitions] = {
    DebitStatus.DUE: frozenset({DebitStatus.TRYING, DebitStatus.DONE, DebitStatus.FAILED, DebitStatus.NOT_NEEDED}),
    # Not needed: while the bank was asked the bill was paid in another way, or cancelled.
    DebitStatus.TRYING: frozenset({DebitStatus.DUE, DebitStatus.DONE, DebitStatus.FAILED, DebitStatus.NOT_NEEDED}),
    # A late success beats an earlier failure.
    DebitStatus.FAILED: frozenset({DebitStatus.DONE}),
    DebitStatus.DONE: frozenset[str](),
    DebitStatus.NOT_NEEDED: frozenset[str](),
}


class DebitNews(TextChoices):
    """What a taxpayer is written about automatic debit."""

    CONFIRMED = "confirmed", _("Automatic debit is set up")
    ENDED = "ended", _("Automatic debit has ended")
    FAILED = "failed", _("An automatic debit failed")
