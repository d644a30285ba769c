"""Tables of people, offices, sign-in and the identity vault."""

from accounts.models.account import Account
from accounts.models.body import LevyingBody
from accounts.models.joint import NewTaxpayer, Share
from accounts.models.office import Officer, Relative, RoleGrant
from accounts.models.proofs import Claim, IdentityReturn
from accounts.models.sessions import Attempt, Device, MailRequest, Session
from accounts.models.taxpayer import Authority, Taxpayer, TaxpayerAddress, TaxpayerBody
from accounts.models.vault import VaultRecord

__all__ = [
    "Account",
    "Attempt",
    "Authority",
    "Claim",
    "Device",
    "IdentityReturn",
    "LevyingBody",
    "MailRequest",
    "NewTaxpayer",
    "Officer",
    "Relative",
    "RoleGrant",
    "Session",
    "Share",
    "Taxpayer",
    "TaxpayerAddress",
    "TaxpayerBody",
    "VaultRecord",
]
