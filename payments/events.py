"""What payments tells other apps. Written by `payments/sql/settle.sql` in the transaction that posts the money."""

from __future__ import annotations

from typing import Final

# Money came and is in the books: {"payment_id", "attempt_id", "reference", "amount", "bill_ids"}.
PAYMENT_SETTLED: Final = "payments.settled.v1"
# More came than a bill owed: {"payment_id", "bill_id", "taxpayer_id", "amount"}; one event for each such bill.
PAYMENT_OVERPAID: Final = "payments.overpaid.v1"
# Money that had come was taken back: {"payment_id", "reversal_id", "bill_ids", "amount", "excess", "kind"};
# `excess`: by so much less is overpaid on these bills (another overpayment may have taken the place of what went).
PAYMENT_REVERSED: Final = "payments.reversed.v1"
# Two officers give a card payment back: {"cancellation_id"}. Written by `payments_decide_cancellation`.
CANCEL_APPROVED: Final = "payments.cancel_approved.v1"
# A gateway said what became of a card payment that was to be given back: {"cancellation_id", "status"}; done, declined.
CANCEL_ENDED: Final = "payments.cancel_ended.v1"
# An officer answered a cardholder's objection: {"dispute_id"}. Written by `payments_answer_dispute`.
DISPUTE_ANSWERED: Final = "payments.dispute_answered.v1"
# An agent has a link to pay sent: {"link_id"}. Written by `payments_ask_for_link`.
LINK_ASKED: Final = "payments.link_asked.v1"
# An agent has a card typed on telephone keys: {"attempt_id"}. Written by `payments_begin_by_keys`.
KEYS_ASKED: Final = "payments.keys_asked.v1"
# Money fits no attempt of ours and waits in suspense: {"payment_id", "amount"}.
PAYMENT_SUSPENDED: Final = "payments.suspended.v1"
# Money in suspense pays a bill by decision of two: {"payment_id", "assigned_id", "bill_id", "amount"}.
SUSPENSE_ASSIGNED: Final = "payments.suspense_assigned.v1"
# Money in suspense is owed back to who sent it: {"case_id", "payment_id", "amount"}. The books have it
# as to be paid back.
SUSPENSE_TO_RETURN: Final = "payments.suspense_to_return.v1"
# A file of a bank was stored and waits to be read: {"file_id"}.
BANK_FILE_BROUGHT: Final = "payments.bank_file_brought.v1"
# Every line of a bank's file has found its place: {"file_id"}.
BANK_FILE_POSTED: Final = "payments.bank_file_posted.v1"
# A bank answered a credit transfer of ours (pain.002): {"file_id", "message_id", "reference", "answer", "reason"};
# `answer` is accepted, rejected or pending, an empty `reference` speaks of the whole message.
TRANSFER_ANSWERED: Final = "payments.transfer_answered.v1"
# What became of a credit transfer, for whoever ordered it: {"transfer_id", "reference", "purpose", "key", "amount",
# "reason"}; `key` is theirs, `reason` the bank's code (ISO 20022, AC04 for one; empty where it gave none).
# The bank took it; it may still reject it.
TRANSFER_ACCEPTED: Final = "payments.transfer_accepted.v1"
# It will not be carried out: the money is owed again, and the books say so.
TRANSFER_REJECTED: Final = "payments.transfer_rejected.v1"
# A statement or notice shows that it left our account.
TRANSFER_BOOKED: Final = "payments.transfer_booked.v1"
# It had gone and came back: the money is owed again, and the books say so.
TRANSFER_RETURNED: Final = "payments.transfer_returned.v1"
# Leave to debit came into force or ended: {"mandate_id", "taxpayer_id", "kind": "autopay", "began_on", "ended_on"}.
# Billing, which stands below, is told by a call in the same transaction.
MANDATE_CHANGED: Final = "payments.mandate_changed.v1"
# An officer ends a mandate for its taxpayer: {"mandate_id"}. Written by `payments_end_mandate`.
MANDATE_TO_END: Final = "payments.mandate_to_end.v1"
# A debit did not succeed: {"debit_id", "bill_id", "again_at"}; `again_at` is null where it is not tried again.
DEBIT_FAILED: Final = "payments.debit_failed.v1"
