"""What other apps may do with the books: post balanced entries. Nothing is ever changed."""

from ledger.models import Purpose
from ledger.services.open_accounts import open_accounts
from ledger.services.post_entry import EntryAlreadyPosted, Posting, UnbalancedEntry, post_entry
from ledger.services.roll_up import roll_up

__all__ = ["EntryAlreadyPosted", "Posting", "Purpose", "UnbalancedEntry", "open_accounts", "post_entry", "roll_up"]
