"""Pages of billing: `public` for payers, `office` for staff."""
