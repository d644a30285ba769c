"""A certification authority for development: a root and one signing certificate, as files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

ROOT_DAYS, SIGNING_DAYS = 3650, 1095


@dataclass(frozen=True)
class Certified:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def make_root(*, organisation: str, at: datetime) -> Certified:
    name = _name(organisation, "Development root: trust it nowhere else")
    usage = _usage("key_cert_sign", "crl_sign")
    return _certify(name, issuer=None, days=ROOT_DAYS, authority=True, usage=usage, at=at)


def make_signing_certificate(*, root: Certified, organisation: str, at: datetime) -> Certified:
    name = _name(organisation, "Document signature")
    usage = _usage("digital_signature", "content_commitment")
    return _certify(name, issuer=root, days=SIGNING_DAYS, authority=False, usage=usage, at=at)


def write_secret(path: Path, content: bytes) -> None:
    """Readable by its owner from the first byte on; there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(path)


def _certify(
    name: x509.Name, *, issuer: Certified | None, days: int, authority: bool, usage: x509.KeyUsage, at: datetime
) -> Certified:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    signing_key = issuer.key if issuer else key
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))  # another machine's clock may be behind
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .sign(signing_key, SHA256())
    )
    return Certified(key, certificate)


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*granted: str) -> x509.KeyUsage:
    every: Sequence[str] = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in granted for name in every})
