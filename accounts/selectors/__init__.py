"""What other apps may read of accounts; frozen facts, no tables."""

from accounts.selectors.officers import OfficerFacts, officer_facts, own_files
from accounts.selectors.taxpayers import TaxpayerFacts, taxpayer_facts, taxpayers_of

__all__ = ["OfficerFacts", "TaxpayerFacts", "officer_facts", "own_files", "taxpayer_facts", "taxpayers_of"]
