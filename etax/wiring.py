"""Who listens to what, and which adapter stands behind which port. All of it, in one place.

Topics that start with `public.` or `intake.` come from faces that strangers talk to: their handlers take every
value in them for a claim.
"""

from __future__ import annotations

SUBSCRIPTIONS: dict[str, list[str]] = {
    "intake.message_to_ask.v1": ["payments.handlers.message_waits"],
    "intake.mandate_told.v1": ["payments.handlers.mandate_told"],
    "public.payment_returned.v1": ["payments.handlers.payer_returned"],
    "public.mandate_returned.v1": ["payments.handlers.mandate_returned"],
    "payments.mandate_to_end.v1": ["payments.handlers.mandate_to_end"],
    "payments.bank_file_brought.v1": ["payments.handlers.bank_file_brought"],
    "accounts.link_asked.v1": ["accounts.handlers.send_link"],
    "accounts.identity_returned.v1": ["accounts.handlers.check_identity"],
    "accounts.claim_asked.v1": ["accounts.handlers.check_claim"],
    "accounts.relative_declared.v1": ["accounts.handlers.find_relative"],
    "accounts.newcomer_recorded.v1": ["accounts.handlers.open_newcomer"],
    "accounts.death_recorded.v1": ["payments.handlers.taxpayer_died"],
    "payments.overpaid.v1": ["refunds.handlers.bill_has_money_back"],
    "payments.reversed.v1": ["mileage.handlers.bills_changed", "refunds.handlers.money_taken_back"],
    "payments.suspense_to_return.v1": ["refunds.handlers.suspense_to_return"],
    "payments.transfer_booked.v1": ["refunds.handlers.transfer_booked"],
    "payments.transfer_rejected.v1": ["mileage.handlers.transfer_failed", "refunds.handlers.transfer_failed"],
    "payments.transfer_returned.v1": ["mileage.handlers.transfer_failed", "refunds.handlers.transfer_failed"],
    "payments.cancel_ended.v1": ["refunds.handlers.cancellation_ended"],
    "billing.reduced.v1": [
        "appeals.handlers.bill_corrected",
        "mileage.handlers.bills_changed",
        "refunds.handlers.bill_has_money_back",
    ],
    "billing.vehicle_left.v1": ["refunds.handlers.prepaid_vehicle_left"],
    "billing.claim_carried_out.v1": ["refunds.handlers.claim_carried_out"],
    "billing.claim_change_refused.v1": ["refunds.handlers.claim_change_refused"],
    "billing.cancelled.v1": [
        "appeals.handlers.bill_corrected",
        "mileage.handlers.bills_changed",
        "refunds.handlers.bill_has_money_back",
        "filing.handlers.bill_cancelled",
    ],
    "filing.filed.v1": ["filing.handlers.filed"],
    "refunds.figures_asked.v1": ["refunds.handlers.figures_asked"],
    "refunds.account_named.v1": ["refunds.handlers.account_named"],
    "refunds.claim_answered.v1": ["refunds.handlers.account_named"],
    "refunds.question_asked.v1": ["refunds.handlers.account_named"],
    "refunds.file_added.v1": ["refunds.handlers.file_added"],
    "refunds.approved.v1": ["refunds.handlers.approved"],
    "appeals.filed.v1": ["appeals.handlers.filed"],
    "appeals.notice_served.v1": ["appeals.handlers.notice_served"],
    "appeals.early_asked.v1": ["appeals.handlers.early_asked"],
    "appeals.file_added.v1": ["appeals.handlers.file_added"],
    "appeals.withdrawn.v1": ["appeals.handlers.withdrawn"],
    "appeals.plan_asked.v1": ["appeals.handlers.plan_asked"],
    "appeals.calendar_changed.v1": ["appeals.handlers.calendar_changed"],
    "appeals.seat_asked.v1": ["appeals.handlers.seat_asked"],
    "appeals.ruling_signed.v1": ["appeals.handlers.ruling_signed"],
    "appeals.ruling_served.v1": ["appeals.handlers.ruling_served"],
    "appeals.reexamined.v1": ["appeals.handlers.reexamined"],
    "appeals.tribunal_seized.v1": ["appeals.handlers.tribunal_seized"],
    "appeals.referral_made.v1": ["appeals.handlers.referral_made"],
    "appeals.tribunal_decided.v1": ["appeals.handlers.tribunal_decided"],
    "appeals.panel_called.v1": ["appeals.handlers.panel_called"],
    "appeals.seat_given_up.v1": ["appeals.handlers.seat_given_up"],
    "appeals.drawn.v1": ["appeals.handlers.drawn"],
    "appeals.upheld.v1": ["refunds.handlers.appeal_upheld"],
    "payments.cancel_approved.v1": ["payments.handlers.cancellation_approved"],
    "payments.transfer_answered.v1": ["payments.handlers.transfer_answered"],
    "payments.dispute_answered.v1": ["payments.handlers.dispute_answered"],
    "payments.link_asked.v1": ["payments.handlers.link_asked"],
    "payments.keys_asked.v1": ["payments.handlers.keys_asked"],
    "receipts.document_requested.v1": ["receipts.handlers.render_document"],
    "billing.change_decided.v1": ["billing.handlers.carry_out_change"],
    "billing.paper_asked.v1": ["billing.handlers.state_bill"],
    "billing.extension_decided.v1": ["billing.handlers.move_due_dates"],
    "notices.entitlement_changed.v1": ["billing.handlers.note_entitlement"],
    "billing.roll_brought.v1": ["billing.handlers.roll_brought"],
    "billing.roll_cancel_decided.v1": ["billing.handlers.cancel_roll"],
    "billing.roll_part_requested.v1": ["billing.handlers.issue_district"],
    "billing.reissued.v1": ["mileage.handlers.bills_changed", "filing.handlers.bill_replaced"],
    "billing.due_dates_moved.v1": ["mileage.handlers.due_dates_moved"],
    "payments.settled.v1": ["mileage.handlers.bills_changed"],
    "mileage.cash_owed.v1": ["payments.handlers.points_became_money"],
    "mileage.partner_owed.v1": ["payments.handlers.points_partner_owed"],
    "mileage.batch_sent.v1": ["mileage.handlers.batch_sent"],
    "mileage.batch_answered.v1": ["mileage.handlers.batch_answered"],
    "mileage.draw_begun.v1": ["mileage.handlers.draw_begun"],
    "mileage.draw_committed.v1": ["mileage.handlers.draw_committed"],
    "mileage.draw_decided.v1": ["mileage.handlers.draw_decided"],
}

# Proofs that `manage.py ledger_check` runs beside the ledger's own.
LEDGER_CHECKS: list[str] = [
    "billing.checks.receivables_agree",
    "billing.checks.given_back_agrees",
    "mileage.checks.points_agree",
    "payments.checks.payments_agree",
    "payments.reconcile.checks.money_in_transit",
    "refunds.checks.refunds_agree",
]

# Tables that `core.log.windows` seals, each with the view of its rows' canonical text.
LOG_WINDOWS: dict[str, str] = {"journal.window": "ledger_journal_lines", "audit.window": "core_audit_lines"}

# Who compares leaves with the rows that they prove (`manage.py log_check`).
LOG_CHECKS: list[str] = [
    "accounts.checks.roles_as_sealed",
    "appeals.checks.rulings_as_sealed",
    "appeals.checks.reexaminations_as_sealed",
    "appeals.draw_checks.draws_as_sealed",
    "appeals.checks.minutes_as_sealed",
    "receipts.checks.documents_as_sealed",
    "mileage.checks.draws_as_sealed",
    "payments.checks.payments_as_sealed",
]

# What stands on paper bills (accounts.ports.PaperBills).
PAPER_BILLS = "billing.selectors.paper.stands_on_a_bill"

# What is known of bills and what was paid on them, as far as points go (mileage.ports.PaidBills).
PAID_BILLS = "payments.points.paid_bills"

# How bills are named on the page of points (mileage.ports.BillNames).
BILL_NAMES = "payments.points.bill_names"

# Banks into which points can be paid out (mileage.ports.BanksPaidInto).
BANKS_PAID_INTO = "payments.services.banks_paid_into"

# Who paid well for years (mileage.ports.GoodPayers).
GOOD_PAYERS = "payments.good_payers.good_payers"

# What is paid back because a ruling changed a bill (appeals.ports.MoneyBack).
MONEY_BACK = "refunds.queries.money_of_change"

# How much has gone back because of rulings (appeals.ports.MoneyReturned).
MONEY_RETURNED = "refunds.queries.returned_by_changes"
