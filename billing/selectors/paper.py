from __future__ import annotations

from billing.models import Bill


def stands_on_a_bill(*, taxpayer_id: int, payment_number: str) -> bool:
    """Whether a bill of this taxpayer carries this electronic payment number (전자납부번호, 19 digits)."""
    return Bill.objects.filter(taxpayer_id=taxpayer_id, epay_number=payment_number).exists()
