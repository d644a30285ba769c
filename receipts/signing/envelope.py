"""
The signature of a file read straight from its bytes, before any PDF parser sees them.

A stranger's file may be built to exhaust a parser (loops, bombs). So a file is parsed only when its signature is ours
and covers every byte of it: then these bytes are the ones that we wrote.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

BYTE_RANGE: Final = re.compile(
    rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{0,9}\]"
)
MOST_SIGNATURES: Final = 16


class Sealed(Enum):
    NOT_A_PDF = "not a PDF"
    UNSIGNED = "no signature"
    FOREIGN = "signed by somebody else"
    BROKEN = "ours, and the signed bytes were changed"
    EXTENDED = "ours, and something was added"
    WHOLE = "ours, and every byte is signed"


@dataclass(frozen=True)
class _Span:
    """What one signature covers: the file but for its own value, from `gap` to `after`."""

    gap: int
    after: int
    end: int


def read_seal(pdf: bytes, *, roots: Sequence[x509.Certificate]) -> Sealed:
    if not pdf.startswith(b"%PDF-"):
        return Sealed.NOT_A_PDF
    spans = [_Span(*_span(match)) for match, _ in zip(BYTE_RANGE.finditer(pdf), range(MOST_SIGNATURES), strict=False)]
    if not spans:
        return Sealed.UNSIGNED
    found = [_check(pdf, span, roots) for span in spans]
    for finding in (Sealed.WHOLE, Sealed.EXTENDED, Sealed.BROKEN):
        if finding in found:
            return finding
    return Sealed.FOREIGN


def _span(match: re.Match[bytes]) -> tuple[int, int, int]:
    start, length, after, rest = (int(group) for group in match.groups())
    return (length, after, after + rest) if start == 0 else (0, 0, 0)


def _check(pdf: bytes, span: _Span, roots: Sequence[x509.Certificate]) -> Sealed:
    if not 0 < span.gap < span.after < span.end <= len(pdf):
        return Sealed.FOREIGN
    try:
        value = _value(pdf, span)
        signed = cms.ContentInfo.load(value, strict=True)["content"]
        (signer,) = signed["signer_infos"]
        (embedded,) = signed["certificates"]
        certificate = x509.load_der_x509_certificate(embedded.chosen.dump())
        ours = any(_issued(certificate, root) for root in roots)
        intact = ours and _intact(pdf, span, signer, certificate) and _as_we_write_it(signer, embedded) == value
    except Exception:  # a stranger decides which of their many errors two parsers raise
        return Sealed.FOREIGN
    if not ours:
        return Sealed.FOREIGN
    if not intact:
        return Sealed.BROKEN
    return Sealed.WHOLE if span.end == len(pdf) else Sealed.EXTENDED


def _value(pdf: bytes, span: _Span) -> bytes:
    """The signature in DER. Written in one way only, as no signature can cover its own spelling."""
    written = pdf[span.gap : span.after]
    if not re.fullmatch(rb"<[0-9A-F]+>", written):
        raise ValueError("a signature is written in capital hexadecimals")
    padded = bytes.fromhex(written[1:-1].decode())
    size = 4 + int.from_bytes(padded[2:4], "big")  # 30 82 and a length of two bytes
    if padded[:2] != b"\x30\x82" or size > len(padded) or padded[size:].strip(b"\x00"):
        raise ValueError("not one DER sequence padded with zeros")
    return padded[:size]


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _intact(pdf: bytes, span: _Span, signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    covered = hashlib.sha256(pdf[: span.gap])
    covered.update(memoryview(pdf)[span.after : span.end])
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(signer["signature"].native, signer["signed_attrs"].untag().dump(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return bool(attributes["message_digest"][0].native == covered.digest())


def _as_we_write_it(signer: cms.SignerInfo, certificate: cms.CertificateChoices) -> bytes:
    """The envelope around what is signed, built anew: no signature covers it, so no byte of it may differ."""
    digest = {"algorithm": "sha256"}
    identity = {"issuer": certificate.chosen.issuer, "serial_number": certificate.chosen.serial_number}
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", identity),
        "digest_algorithm": digest,
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": {"algorithm": "sha256_rsa"},
        "signature": signer["signature"].native,
    }
    content = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [info],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump())
