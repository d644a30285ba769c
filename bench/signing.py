"""
`python -m bench.signing`: what one receipt costs the worker, step by step, and what the kept key saves.

Needs no database. Each figure is the median of `ROUNDS` on one core.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import keys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from receipts.rendering import fonts
from receipts.rendering.facts import ReceiptFacts
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import Issue
from receipts.rendering.receipt import render_receipt
from receipts.signing.authority import make_root, make_signing_certificate, write_secret
from receipts.signing.software import SoftwareSigner
from receipts.signing.verify import verify

ROUNDS: Final = 60
FACTS: Final[dict[str, Any]] = {
    "taxpayer": {"name": "홍길동", "address": "서울특별시 종로구 예시로 1"},
    "body": {"kind": "district", "ko": "종로구", "en": "Jongno-gu"},
    "lines": [
        {"item": {"ko": "자동차세", "en": "Automobile tax"}, "period": "2026-1", "amount": 198_120},
        {"item": {"ko": "지방교육세", "en": "Local education tax"}, "period": "2026-1", "amount": 59_430},
    ],
    "total": 257_550,
    "channel": {"ko": "신용카드", "en": "Card"},
    "paid_at": "2026-06-20T03:04:05+00:00",
}


def median_ms(call: Callable[[], object]) -> float:
    call()
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        call()
        took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000


def stock(signer: SoftwareSigner, key: bytes) -> SoftwareSigner:
    """The same with pyHanko's own signer, which parses the key at each signature."""
    certificate = signer.inner.signing_cert
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    inner = signers.SimpleSigner(
        signing_cert=certificate, signing_key=keys.PrivateKeyInfo.load(key), cert_registry=store, embed_roots=False
    )
    return replace(signer, inner=inner)


def main() -> None:
    at = datetime.now(UTC)
    root = make_root(organisation="Bench", at=at)
    signing = make_signing_certificate(root=root, organisation="Bench", at=at)
    with tempfile.TemporaryDirectory() as folder:
        write_secret(Path(folder) / "key.pem", signing.key_pem())
        write_secret(Path(folder) / "certificate.pem", signing.certificate_pem())
        signer = SoftwareSigner.from_files(key=Path(folder) / "key.pem", certificate=Path(folder) / "certificate.pem")
    fonts.register(Path("node_modules/@expo-google-fonts/noto-sans-kr"))
    facts = ReceiptFacts.read(FACTS)
    letterhead = Letterhead.read({"city": {"ko": "서울특별시", "en": "Seoul"}}, zone="Asia/Seoul")
    issue = Issue("2026-0000-0000-0000", at, "https://etax.example.kr/receipts/verify/2026-0000-0000-0000")

    def draw() -> bytes:
        return render_receipt(facts=facts, letterhead=letterhead, issue=issue)

    pdf = draw()
    signed = signer.sign(pdf=pdf, reason="bench", at=at)
    der = signing.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    plain = stock(signer, der)
    print(f"draw a page              {median_ms(draw):6.1f} ms, {len(pdf):,} bytes")
    print(f"sign, key kept           {median_ms(lambda: signer.sign(pdf=pdf, reason='bench', at=at)):6.1f} ms")
    print(f"sign, pyHanko's signer   {median_ms(lambda: plain.sign(pdf=pdf, reason='bench', at=at)):6.1f} ms")
    print(f"verify                   {median_ms(lambda: verify(signed, roots=[root.certificate], at=at)):6.1f} ms")


if __name__ == "__main__":
    main()
