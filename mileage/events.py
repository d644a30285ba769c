"""What mileage tells other apps: references and ids only."""

from __future__ import annotations

from typing import Final

# Points kept for a use were spent: {"reference", "way"}. Written by `mileage_spend`.
POINTS_SPENT: Final = "mileage.spent.v1"
# A partner is owed money for points that its answer says are done: {"batch_id", "way", "partner", "amount": won,
# "key"}. The books have it on refund_payable of the city's "mileage".
PARTNER_OWED: Final = "mileage.partner_owed.v1"
# The transfer to a partner bears this before that key.
PARTNER: Final = "partner:"
# Points became money on their holder's account: {"reference"}; to whom and how much says `selectors.cash_order`.
CASH_OWED: Final = "mileage.cash_owed.v1"
# Points expire soon: {"notice_id", "taxpayer_id"}.
POINTS_EXPIRING: Final = "mileage.expiring.v1"
# A draw's seed is bound, so its list may be made: {"draw_id"}.
DRAW_COMMITTED: Final = "mileage.draw_committed.v1"
