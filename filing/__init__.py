"""Returns of taxes that their payers compute (신고납부): filed on a page, billed by the worker, and amended."""
