"""What other apps may read of accounts; frozen facts, no tables."""

from accounts.selectors.mail import email_of
from accounts.selectors.officers import OfficerFacts, officer_facts, own_files
from accounts.selectors.payer_number import PayerNumber, own_payer_numbers, payer_number, taxpayer_of_number
from accounts.selectors.taxpayers import TaxpayerFacts, taxpayer_facts, taxpayers_of

__all__ = [
    "OfficerFacts",
    "PayerNumber",
    "TaxpayerFacts",
    "email_of",
    "officer_facts",
    "own_files",
    "own_payer_numbers",
    "payer_number",
    "taxpayer_facts",
    "taxpayer_of_number",
    "taxpayers_of",
]
