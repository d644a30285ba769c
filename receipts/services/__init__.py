from __future__ import annotations

from receipts.services.check_file import Checked, check_file
from receipts.services.issue_document import issue_document
from receipts.services.request_document import Token, new_token, request_document
from receipts.services.withdraw import UnableToWithdraw, WithdrawalNeedsAnother, ask_withdrawal, decide_withdrawal

__all__ = [
    "Checked",
    "Token",
    "UnableToWithdraw",
    "WithdrawalNeedsAnother",
    "ask_withdrawal",
    "check_file",
    "decide_withdrawal",
    "issue_document",
    "new_token",
    "request_document",
]
