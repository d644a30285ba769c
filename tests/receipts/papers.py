"""The small cast of the receipt tests: one receipt's facts, a letterhead, a signer with its authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from receipts.models import Document, Withdrawal
from receipts.rendering import fonts
from receipts.rendering.facts import ReceiptFacts
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import Issue
from receipts.rendering.receipt import render_receipt
from receipts.signing.authority import Certified, make_root, make_signing_certificate, write_secret
from receipts.signing.software import SoftwareSigner
from receipts.states import Status
from tests.accounts.people import officer

NOW = datetime(2026, 6, 20, 3, 5, tzinfo=UTC)
FONTS = Path("node_modules/@expo-google-fonts/noto-sans-kr")
NUMBER = "2026-7K3M-9QXD-4T2B"
LETTERHEAD = Letterhead.read(
    {
        "city": {"ko": "서울특별시", "en": "Seoul"},
        "contact": "02-000-0000",
        "heads": {"district": {"ko": "서울특별시 {name}청장", "en": "Head of {name}"}},
    },
    zone="Asia/Seoul",
)


def receipt_facts(**changed: Any) -> dict[str, Any]:
    lines = [
        {
            "item": {"ko": "자동차세", "en": "Automobile tax"},
            "period": "2026-06",
            "amount": 198_120,
            "number": "1111012600000000123",
            "tax_number": "1111010140004202606100100001234",
        },
        {"item": {"ko": "지방교육세", "en": "Local education tax"}, "period": "2026-06", "amount": 59_430},
    ]
    return {
        "taxpayer": {"name": "홍길동", "address": "서울특별시 종로구 예시로 1, 101동 203호"},
        "payer": {"name": "Nguyễn Thị Ví Dụ"},
        "body": {"code": "11110", "kind": "district", "ko": "종로구", "en": "Jongno-gu"},
        "lines": lines,
        "total": 257_550,
        "channel": {"ko": "신용카드", "en": "Credit card"},
        "paid_at": "2026-06-20T03:04:05+00:00",
        "transaction": "PAY-EXAMPLE-1",
    } | changed


def render(**changed: Any) -> bytes:
    fonts.register(FONTS)
    issue = Issue(number=NUMBER, issued_at=NOW, verify_url=f"https://etax.example.kr/receipts/verify/{NUMBER}")
    return render_receipt(facts=ReceiptFacts.read(receipt_facts(**changed)), letterhead=LETTERHEAD, issue=issue)


@dataclass(frozen=True)
class City:
    """A city's root and the signer that it certified."""

    root: Certified
    signer: SoftwareSigner

    @property
    def roots(self) -> list[x509.Certificate]:
        return [self.root.certificate]


def found_city(folder: Path) -> City:
    root = make_root(organisation="Example City", at=NOW)
    signing = make_signing_certificate(root=root, organisation="Example City", at=NOW)
    write_secret(folder / "key.pem", signing.key_pem())
    write_secret(folder / "certificate.pem", signing.certificate_pem())
    write_secret(folder / "roots.pem", root.certificate_pem())
    signer = SoftwareSigner.from_files(key=folder / "key.pem", certificate=folder / "certificate.pem")
    return City(root=root, signer=signer)


def withdrawn(document_id: int) -> None:
    """Withdrawn by two officers, as far as the tables are concerned."""
    asking, deciding = (officer(f"{name}@example.com").account for name in ("asks", "decides"))
    Withdrawal.objects.create(
        document_id=document_id, reason="wrong bill", asked_by_id=asking, decided_by_id=deciding, decided_at=NOW,
        granted=True,
    )  # fmt: skip
    Document.objects.filter(pk=document_id).update(
        status=Status.WITHDRAWN, withdrawn_at=NOW, withdrawn_because="wrong bill"
    )
