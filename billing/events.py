"""What billing tells other apps. Payloads carry ids only; every list is bounded by BILLS_AN_EVENT."""

from __future__ import annotations

from typing import Final

# Bills came into force: {"bill_ids": [int, …]}. Bulk on purpose: whoever listens handles a list in one go.
BILL_ISSUED: Final = "billing.bill_issued.v1"
# A bill was cancelled: {"bill_id": int}.
BILL_CANCELLED: Final = "billing.bill_cancelled.v1"
# An officer asked for one district's part of an approved roll to be issued: {"roll_id": int, "body": str}.
ROLL_PART_REQUESTED: Final = "billing.roll_part_requested.v1"
# An officer brought the file of a roll; a worker reads it: {"roll_id": int}.
ROLL_BROUGHT: Final = "billing.roll_brought.v1"
# All bills of a roll are issued: {"roll_id": int}.
ROLL_ISSUED: Final = "billing.roll_issued.v1"

BILLS_AN_EVENT: Final = 1000
