"""How each kind of document is read and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from receipts.rendering.bill import render_bill
from receipts.rendering.bill_facts import BillFacts
from receipts.rendering.facts import ReceiptFacts
from receipts.rendering.model_taxpayer import ModelTaxpayerFacts, render_model_taxpayer
from receipts.rendering.receipt import render_receipt
from receipts.rendering.referral import ReferralFacts, render_referral
from receipts.rendering.refund import render_refund
from receipts.rendering.refund_facts import RefundFacts
from receipts.rendering.ruling import RulingFacts, render_ruling


@dataclass(frozen=True)
class Paper:
    """`read` raises UnreadableFacts; `reason` stands in the signature."""

    read: Callable[[Mapping[str, Any]], Any]
    render: Callable[..., bytes]
    reason: str


PAPERS: Final[Mapping[str, Paper]] = {
    "payment": Paper(ReceiptFacts.read, render_receipt, "납부확인서 Payment receipt"),
    "bill": Paper(BillFacts.read, render_bill, "납세고지서 Tax bill"),
    "model_taxpayer": Paper(ModelTaxpayerFacts.read, render_model_taxpayer, "모범납세자 증명서 Model taxpayer"),
    "refund": Paper(RefundFacts.read, render_refund, "지방세환급금 통지서 Refund notice"),
    "referral": Paper(ReferralFacts.read, render_referral, "심판청구 기록 송부서 File for the Tax Tribunal"),
    "ruling": Paper(RulingFacts.read, render_ruling, "이의신청 결정서 Decision on an objection"),
}
