"""What refunds tells other apps, and what those above or beside may tell it. Payloads carry ids and days only."""

from __future__ import annotations

from typing import Final

# Money that goes back was found: {"refund_id", "taxpayer_id" (or null), "amount"}.
REFUND_OPENED: Final = "refunds.opened.v1"
# Its sums shall be computed anew for today: {"refund_id"}. Written by functions of the faces.
FIGURES_ASKED: Final = "refunds.figures_asked.v1"
# All officers whom it needs have approved it: {"refund_id"}. Written by `refunds_decide`.
REFUND_APPROVED: Final = "refunds.approved.v1"
# It was rejected, paid, has lapsed, or came back: {"refund_id", "taxpayer_id", "status"}.
REFUND_ENDED: Final = "refunds.ended.v1"
# Somebody named an account to be paid into: {"payee_id"}. Written by `refunds_name_account`.
ACCOUNT_NAMED: Final = "refunds.account_named.v1"
# A claim that a bill asked too much was answered for good: {"claim_id"}. Written by `refunds_answer_claim`.
CLAIM_ANSWERED: Final = "refunds.claim_answered.v1"
# A file was brought for a claim, and waits for the scanner: {"file_id"}. Written by `refunds_add_claim_file`.
FILE_ADDED: Final = "refunds.file_added.v1"
# Somebody asked publicly whether there is something for them: {"question_id"}.
QUESTION_ASKED: Final = "refunds.question_asked.v1"

# What is listened to. An appeal or a judgment became final, and billing has reduced or cancelled the
# bill by the change named: {"change_id", "final_on": day, "by": objection, tribunal, judgment or grievance}.
APPEAL_UPHELD: Final = "appeals.upheld.v1"
