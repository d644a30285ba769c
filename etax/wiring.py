"""Who listens to what, and which adapter stands behind which port. All of it, in one place.

Topics that start with `public.` or `intake.` come from faces that strangers talk to: their handlers take every
value in them for a claim.
"""

from __future__ import annotations

SUBSCRIPTIONS: dict[str, list[str]] = {
    "intake.message_to_ask.v1": ["payments.handlers.message_waits"],
    "public.payment_returned.v1": ["payments.handlers.payer_returned"],
    "receipts.document_requested.v1": ["receipts.handlers.render_document"],
    "billing.roll_part_approved.v1": ["billing.handlers.look_up_payers"],
    "billing.roll_part_requested.v1": ["billing.handlers.issue_district"],
}

# Proofs that `manage.py ledger_check` runs beside the ledger's own.
LEDGER_CHECKS: list[str] = ["payments.checks.payments_agree"]
