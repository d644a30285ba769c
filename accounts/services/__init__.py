"""What other apps may ask of accounts: one module per use case."""

from accounts.services.taxpayers import Person, find_or_create_taxpayers

__all__ = ["Person", "find_or_create_taxpayers"]
