"""Forms of sign-in, accounts and the office."""
