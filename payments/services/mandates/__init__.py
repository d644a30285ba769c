"""Leave to debit an account (자동이체 동의): set up, learned of from the bank, ended."""
