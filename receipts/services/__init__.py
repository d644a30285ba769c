from __future__ import annotations

from receipts.services.check_file import Checked, check_file
from receipts.services.issue_document import issue_document
from receipts.services.request_document import Token, new_token, request_document
from receipts.services.withdraw_document import UnableToWithdraw, withdraw_document

__all__ = [
    "Checked",
    "Token",
    "UnableToWithdraw",
    "check_file",
    "issue_document",
    "new_token",
    "request_document",
    "withdraw_document",
]
