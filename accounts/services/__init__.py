"""What other apps may ask of accounts: one module per use case."""

from accounts.services.people import EmailAlreadyUsed, create_citizen, create_officer, give_code_generator
from accounts.services.roles import ask_role, end_role, first_roles, grant_role
from accounts.services.taxpayers import KnownPayer, PayerNumber, Person, find_or_create_taxpayers, known_payers

__all__ = [
    "EmailAlreadyUsed",
    "KnownPayer",
    "PayerNumber",
    "Person",
    "ask_role",
    "create_citizen",
    "create_officer",
    "end_role",
    "find_or_create_taxpayers",
    "first_roles",
    "give_code_generator",
    "grant_role",
    "known_payers",
]
