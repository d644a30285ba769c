"""What billing tells other apps. Payloads carry ids only; every list is bounded by BILLS_AN_EVENT."""

from __future__ import annotations

from typing import Final

# Bills came into force: {"bill_ids": [int, …]}. Bulk on purpose: whoever listens handles a list in one go.
BILL_ISSUED: Final = "billing.bill_issued.v1"
# An officer took something off a bill, or all of it: {"bill_id", "change_id", "taxpayer_id", "amount": won taken off,
# "excess": won that were paid and are now to be paid back; they stand on refund_payable}. Without "change_id": a
# due date was moved for everybody after somebody had paid late, or a bill to be paid ahead lapsed unpaid.
BILL_REDUCED: Final = "billing.reduced.v1"
BILL_CANCELLED: Final = "billing.cancelled.v1"
# Beside BILL_REDUCED, a car was sold or scrapped after its tax was billed: {"bill_id", "change_id", "on": day}.
VEHICLE_LEFT: Final = "billing.vehicle_left.v1"
# Beside BILL_REDUCED or BILL_CANCELLED, a bill was corrected on its payer's claim (경정청구), which an app above keeps:
# {"bill_id", "change_id", "claim_id", "claimed_on": day}.
CLAIM_CARRIED_OUT: Final = "billing.claim_carried_out.v1"
# A second officer refused the change that a claim asked for: {"change_id", "claim_id"}.
CLAIM_CHANGE_REFUSED: Final = "billing.claim_change_refused.v1"
# A bill came into the place of another: {"bill_id": the old one, "new_bill_id"}; beside it BILL_ISSUED for the new one.
BILL_REISSUED: Final = "billing.reissued.v1"
# A claim was given up, taken up again, or is prescribed: {"bill_id", "change_id"}.
BILL_WRITTEN_OFF: Final = "billing.written_off.v1"
BILL_REVIVED: Final = "billing.revived.v1"
BILL_PRESCRIBED: Final = "billing.prescribed.v1"
# A change that only a worker can carry out was decided: {"change_id": int}.
CHANGE_DECIDED: Final = "billing.change_decided.v1"
# An act that moves due dates for everybody was decided: {"extension_id": int}.
EXTENSION_DECIDED: Final = "billing.extension_decided.v1"
# Due dates were moved: {"extension_id": int, "bill_ids": [int, …]}; an event for each thousand of its bills.
DUE_DATES_MOVED: Final = "billing.due_dates_moved.v1"
# Somebody asked for a bill as a signed file: {"request_id": int}.
PAPER_ASKED: Final = "billing.paper_asked.v1"
# An officer asked for one district's part of an approved roll to be issued: {"roll_id": int, "body": str}.
ROLL_PART_REQUESTED: Final = "billing.roll_part_requested.v1"
# An officer brought the file of a roll; a worker reads it: {"roll_id": int}.
ROLL_BROUGHT: Final = "billing.roll_brought.v1"
# Two officers cancel a roll whose notices did not go out; jobs cancel its bills: {"roll_id": int}.
ROLL_CANCEL_DECIDED: Final = "billing.roll_cancel_decided.v1"
# Every bill of a roll on which nothing was paid is cancelled: {"roll_id": int}.
ROLL_CANCELLED: Final = "billing.roll_cancelled.v1"
# All bills of a roll are issued: {"roll_id": int}.
ROLL_ISSUED: Final = "billing.roll_issued.v1"

BILLS_AN_EVENT: Final = 1000
